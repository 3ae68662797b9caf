package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes of one source's lines what can be delivered: puts snapshots together, leaves out origins
 * that this node must not take from others, measures how late lines are. For one thread.
 */
final class FeedIntake {
    private final Set<RegionId> except;
    private final long snapshotRecords;
    private final ByteSize snapshotBytes;
    private final LineLag lag = new LineLag();
    private Optional<SnapshotGathering> gathering = Optional.empty();
    private long begunAtNs;

    /**
     * Of a source that has sent nothing yet.
     *
     * @param except origins that are left out
     * @param snapshotRecords the most records of a snapshot
     * @param snapshotBytes the most bytes of it
     */
    FeedIntake(Set<RegionId> except, long snapshotRecords, ByteSize snapshotBytes) {
        this.except = except;
        this.snapshotRecords = snapshotRecords;
        this.snapshotBytes = snapshotBytes;
    }

    /**
     * Takes a line.
     *
     * @throws ReplicationException if it does not stand where it may, or a snapshot is too large
     * @throws io.runnel.routing.catalog.CatalogException if a record of a snapshot is not true
     */
    List<FeedItem> take(FeedLine line, long atNs) {
        return switch (line) {
            case FeedLine.Change change -> takeRecord(change.record()).stream().toList();
            case FeedLine.Heads heads when heads.authorities().isEmpty() ->
                    List.of(takeHeads(heads, atNs));
            case FeedLine.Heads heads ->
                    List.of(new FeedItem.Authorities(heads.authorities()), takeHeads(heads, atNs));
            case FeedLine.Begin begin -> begin(begin, atNs);
            case FeedLine.End end -> end(end).stream().toList();
        };
    }

    private Optional<FeedItem> takeRecord(FeedRecord record) {
        if (gathering.isPresent()) {
            gathering.get().add(record);
            return Optional.empty();
        }
        return except.contains(record.origin())
                ? Optional.empty()
                : Optional.of(new FeedItem.Change(record));
    }

    private FeedItem takeHeads(FeedLine.Heads heads, long atNs) {
        long lagNs = lag.measure(atNs, Duration.ofMillis(heads.sentMs()).toNanos());
        Map<RegionId, Position> taken = new HashMap<>(heads.heads().of());
        taken.keySet().removeAll(except);
        return new FeedItem.Confirmed(new FeedPositions(taken), heads.ages(), atNs - lagNs);
    }

    private List<FeedItem> begin(FeedLine.Begin begin, long atNs) {
        if (gathering.isPresent()) {
            throw broken("a snapshot begins within another");
        }
        begunAtNs = atNs;
        gathering = Optional.of(new SnapshotGathering(begin, snapshotRecords, snapshotBytes));
        return List.of();
    }

    private Optional<FeedItem> end(FeedLine.End end) {
        SnapshotGathering whole =
                gathering.orElseThrow(() -> broken("a snapshot ends that did not begin"));
        gathering = Optional.empty();
        FeedSnapshot snapshot = whole.end(end);
        return except.contains(snapshot.origin())
                ? Optional.empty()
                : Optional.of(new FeedItem.Whole(snapshot, whole.begin().age(), begunAtNs));
    }

    private static ReplicationException broken(String how) {
        return new ReplicationException(Code.SNAPSHOT_BROKEN, how);
    }
}
