package io.runnel.region.server;

import io.runnel.cluster.store.SpoolMark;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether what a node says of its runs can be true: it cannot have run more than its slots could in
 * the time that it speaks of, nor in the future. Pure.
 */
final class UsagePlausibility {
    /** Clocks of nodes are not the same. */
    static final Duration MOST_AHEAD = Duration.ofMinutes(1);

    /** How old what is sent late may be. */
    static final Duration MOST_AGE = Duration.ofDays(31);

    /** What is measured is never quite what was. */
    private static final double TOLERANCE = 1.05;

    /** Runs that are over in less than a millisecond are on event loops, beside the slots. */
    private static final int LOOPS = 8;

    /** A run that began before the first record that is spoken of ends in the time of others. */
    private static final long SLACK_NANOS = Duration.ofSeconds(5).toNanos();

    private UsagePlausibility() {}

    /**
     * What speaks against a batch, if anything does.
     *
     * @param before how far its spool was taken
     * @param slots how many tasks the node runs at once; empty if there is no such node
     */
    static Optional<String> doubt(
            UsageBatch batch, Optional<SpoolMark> before, OptionalInt slots, Instant now) {
        if (slots.isEmpty()) {
            return Optional.of("there is no such node");
        }
        long latest = now.plus(MOST_AHEAD).toEpochMilli();
        long earliest = now.minus(MOST_AGE).toEpochMilli();
        long begin = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        double runNanos = 0;
        for (UsageBatch.Entry entry : batch.entries()) {
            UsageRecord record = entry.record();
            if (record.endedMillis() > latest || record.endedMillis() < earliest) {
                return Optional.of("a run is said to have ended at another time than it can");
            }
            long runMillis = Duration.ofNanos(record.runNanos()).toMillis();
            begin = Math.min(begin, record.endedMillis() - runMillis);
            end = Math.max(end, record.endedMillis());
            runNanos += record.runNanos();
        }
        double most =
                TOLERANCE
                        * (slots.getAsInt() + LOOPS)
                        * (SLACK_NANOS + 1e6 * Math.max(0, end - begin));
        if (!batch.entries().isEmpty() && runNanos > most) {
            return Optional.of(
                    "%.0f s of runs in %.0f s of time in %d slots"
                            .formatted(runNanos / 1e9, (end - begin) / 1e3, slots.getAsInt()));
        }
        double ran = runNanos;
        return before.flatMap(mark -> inAll(mark, batch, ran, slots.getAsInt(), now));
    }

    /** Nor in all that it ever said: what came late at first was at most so old. */
    private static Optional<String> inAll(
            SpoolMark mark, UsageBatch batch, double runNanos, int slots, Instant now) {
        double known = Duration.between(mark.first(), now).plus(MOST_AGE).toNanos();
        double all = mark.runNanos() + runNanos;
        return batch.to() > mark.mark() && all > TOLERANCE * (slots + LOOPS) * known
                ? Optional.of("more runs in all than its slots could have had")
                : Optional.empty();
    }
}
