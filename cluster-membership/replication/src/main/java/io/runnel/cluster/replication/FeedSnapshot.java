package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import java.util.List;

/**
 * All that stands of one origin's log: the last record of each key, in the order of the log. The
 * record at the head is always among them; an empty log has none.
 */
public record FeedSnapshot(RegionId origin, String log, List<FeedRecord> records) {
    public FeedSnapshot {
        records = List.copyOf(records);
    }

    /** Whether it shows that {@code known} is of another history of the same log. */
    boolean contradicts(Position known) {
        return records.stream()
                .anyMatch(
                        record ->
                                (record.seq() == known.seq() && !known.agreesWith(record.hash()))
                                        || (record.seq() == known.seq() + 1
                                                && !known.agreesWith(record.prev())));
    }

    /** Where the log goes on after it. */
    public Position head() {
        return records.isEmpty() ? Position.start(log) : Position.of(records.getLast());
    }
}
