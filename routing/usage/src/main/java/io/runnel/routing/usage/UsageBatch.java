package io.runnel.routing.usage;

import io.runnel.exec.task.NodeName;

import java.util.List;

/**
 * A stretch of one spool, of which only what goes to one region is told. A region takes each place
 * of a spool once, in order; so it does not matter how often, or cut in which way, a stretch is
 * sent.
 *
 * @param spool whose stretch it is
 * @param from the place behind what the region is known to have
 * @param to the place behind the stretch
 * @param entries what the spool has there for the region, in order
 */
public record UsageBatch(Spool spool, long from, long to, List<Entry> entries) {
    /** The most entries in a batch. */
    public static final int MOST_ENTRIES = 4096;

    /**
     * A spool: what one process of a node wrote.
     *
     * @param node which node
     * @param boot 16 of 0-9 and a-f, drawn when the process began
     */
    public record Spool(NodeName node, String boot) {
        private static final int BOOT_CHARACTERS = 16;

        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if {@code boot} is none
         */
        public Spool {
            boolean isBoot =
                    boot.length() == BOOT_CHARACTERS
                            && boot.chars()
                                    .allMatch(
                                            c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
            if (!isBoot) {
                throw new IllegalArgumentException("boot must be 16 of 0-9 and a-f");
            }
        }
    }

    /**
     * One record in its place.
     *
     * @param place where in the spool it begins
     */
    public record Entry(long place, UsageRecord record) {}

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if places are negative or out of order, or there are too
     *     many entries
     */
    public UsageBatch {
        entries = List.copyOf(entries);
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "batch must go forward: %d to %d".formatted(from, to));
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "batch must have at most %d entries: %d"
                            .formatted(MOST_ENTRIES, entries.size()));
        }
        long last = from - 1;
        for (Entry entry : entries) {
            if (entry.place() <= last || entry.place() >= to) {
                throw new IllegalArgumentException(
                        "entry's place is not in order: %d".formatted(entry.place()));
            }
            last = entry.place();
        }
    }
}
