package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A log as its region writes it, in memory. Not safe for several threads. */
public final class WrittenLog {
    private final RegionId origin;
    private final Instant at;
    private final List<FeedRecord> records = new ArrayList<>();
    private Position head;

    /**
     * An empty log.
     *
     * @param at what all its records say of when they were written
     */
    public WrittenLog(RegionId origin, String log, Instant at) {
        this.origin = origin;
        this.at = at;
        this.head = Position.start(log);
    }

    /** Writes what a record says; what was written. */
    public FeedRecord write(CatalogRecord said) {
        return write(said.kind().label(), said.key(), RecordJson.write(said));
    }

    /** Writes a record of these parts; what was written. */
    public FeedRecord write(String kind, String key, String json) {
        FeedRecord record = HashChain.next(origin, head, at, kind, key, json);
        head = Position.of(record);
        records.add(record);
        return record;
    }

    /** Goes on without what was written: {@link #records} tells of what comes. */
    public void forget() {
        records.clear();
    }

    /** Whose log it is. */
    public RegionId origin() {
        return origin;
    }

    /** Where it goes on. */
    public Position head() {
        return head;
    }

    /** All that was written. */
    public List<FeedRecord> records() {
        return List.copyOf(records);
    }
}
