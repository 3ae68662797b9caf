package io.runnel.cluster.store;

import java.time.Duration;

/**
 * How much of what nodes say about usage is kept.
 *
 * @param recordAge how long single records are kept, from the end of the run
 * @param mostRecords how many of them are kept; the oldest go first
 * @param step how many go at once, at most; more than come at once
 * @param totalAge how long totals are kept, and where in its spools a node is
 * @param mostBatches how many batches that were not believed are kept; the oldest go first
 * @param mostEntries how many entries those may have together, of all but the last
 */
record UsageRetention(
        Duration recordAge,
        long mostRecords,
        int step,
        Duration totalAge,
        int mostBatches,
        long mostEntries) {
    static final UsageRetention DEFAULT =
            new UsageRetention(
                    Duration.ofDays(31), 2_000_000, 8192, Duration.ofDays(400), 1000, 100_000);
}
