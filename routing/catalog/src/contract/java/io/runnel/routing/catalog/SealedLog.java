package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A log as its region writes and signs it, in memory. Not safe for several threads. */
public final class SealedLog {
    private final RegionId origin;
    private final Sealing seals;
    private final LiveSum live = new LiveSum();
    private final Map<String, String> standing = new HashMap<>();
    private final List<FeedRecord> records = new ArrayList<>();
    private Position head;

    /** What signs. */
    @FunctionalInterface
    public interface Sealing {
        /** As {@link RecordSeals#seal}. */
        RecordSeal seal(FeedRecord record, String live, Instant at);
    }

    /**
     * An empty log.
     *
     * @param seals what its records are signed with
     */
    public SealedLog(RegionId origin, String log, Sealing seals) {
        this.origin = origin;
        this.seals = seals;
        this.head = Position.start(log);
    }

    /** Writes what a record says; what was written. */
    public FeedRecord write(CatalogRecord said, Instant at) {
        return write(said.kind().label(), said.key(), RecordJson.write(said), at);
    }

    /** Writes a record of these parts; what was written. */
    public FeedRecord write(String kind, String key, String json, Instant at) {
        FeedRecord open = HashChain.next(origin, head, at, kind, key, json);
        String before = standing.put(kind + " " + key, open.hash());
        if (before != null) {
            live.remove(before);
        }
        live.add(open.hash());
        FeedRecord record = open.sealed(seals.seal(open, live.digest(), at));
        head = Position.of(record);
        records.add(record);
        return record;
    }

    /** Where it goes on. */
    public Position head() {
        return head;
    }

    /** All that was written. */
    public List<FeedRecord> records() {
        return List.copyOf(records);
    }

    /** What stands of it: the last record of each key. */
    public List<FeedRecord> snapshot() {
        return records.stream()
                .filter(r -> standing.get(r.kind() + " " + r.key()).equals(r.hash()))
                .toList();
    }
}
