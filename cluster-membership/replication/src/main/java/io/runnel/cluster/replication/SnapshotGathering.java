package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.ByteSize;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;

import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot on its way in. Held back until its last line has come: one that breaks off leaves
 * nothing behind. For one thread.
 */
final class SnapshotGathering {
    private final FeedLine.Begin begin;
    private final long mostRecords;
    private final long mostBytes;
    private final List<FeedRecord> records = new ArrayList<>();
    private Position head;
    private long bytes;

    /**
     * Expects what {@code begin} announces.
     *
     * @throws ReplicationException {@code SNAPSHOT_TOO_LARGE}
     */
    SnapshotGathering(FeedLine.Begin begin, long mostRecords, ByteSize mostBytes) {
        this.begin = begin;
        this.mostRecords = mostRecords;
        this.mostBytes = mostBytes.bytes();
        this.head = Position.start(begin.log());
        if (begin.count() > mostRecords) {
            throw tooLarge();
        }
    }

    /**
     * Takes the next record.
     *
     * @throws ReplicationException {@code SNAPSHOT_BROKEN}, {@code SNAPSHOT_TOO_LARGE}
     * @throws io.runnel.routing.catalog.CatalogException if it is not true, or not later than the
     *     one before
     */
    void add(FeedRecord record) {
        if (!record.origin().equals(begin.origin()) || records.size() == begin.count()) {
            throw broken("has a record too many");
        }
        bytes += record.record().length() + record.key().length();
        if (bytes > mostBytes) {
            throw tooLarge();
        }
        HashChain.requireLater(head, record);
        head = Position.of(record);
        records.add(record);
    }

    /**
     * The last line has come.
     *
     * @throws ReplicationException {@code SNAPSHOT_BROKEN} if it is not what was begun
     */
    FeedSnapshot end(FeedLine.End end) {
        if (!end.origin().equals(begin.origin())
                || !end.log().equals(begin.log())
                || end.count() != begin.count()
                || records.size() != begin.count()) {
            throw broken("ends after %d records".formatted(records.size()));
        }
        return new FeedSnapshot(begin.origin(), begin.log(), records);
    }

    FeedLine.Begin begin() {
        return begin;
    }

    private ReplicationException broken(String how) {
        return new ReplicationException(
                Code.SNAPSHOT_BROKEN,
                "snapshot of %d records of %s %s".formatted(begin.count(), begin.origin(), how));
    }

    private ReplicationException tooLarge() {
        return new ReplicationException(
                Code.SNAPSHOT_TOO_LARGE,
                "snapshot of %s must have at most %d records of %d bytes in all, announced are %d"
                        .formatted(begin.origin(), mostRecords, mostBytes, begin.count()));
    }
}
