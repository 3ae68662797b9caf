package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One line of a feed. */
sealed interface FeedLine {
    /** A change, or, between {@link Begin} and {@link End}, a part of a snapshot. */
    record Change(FeedRecord record) implements FeedLine {}

    /**
     * Sent at the start, every second, and when all that was missing has been sent.
     *
     * @param heads how far the source knows each origin
     * @param ages how long ago each origin confirmed, as the source says; its own: zero
     * @param sentMs since the source began to answer
     * @param authorities certificates of regions' authorities, as PEM: those that the follower has
     *     not been sent yet, before any record that needs them
     */
    record Heads(
            FeedPositions heads,
            Map<RegionId, Duration> ages,
            long sentMs,
            List<String> authorities)
            implements FeedLine {
        public Heads {
            ages = Map.copyOf(ages);
            authorities = List.copyOf(authorities);
        }
    }

    /**
     * A snapshot of one origin follows: so many records, and {@link End}.
     *
     * @param age how long ago the origin confirmed, as the source says; empty if never
     */
    record Begin(RegionId origin, String log, long count, Optional<Duration> age)
            implements FeedLine {}

    /** The snapshot was all; without this line it counts for nothing. */
    record End(RegionId origin, String log, long count) implements FeedLine {}
}
