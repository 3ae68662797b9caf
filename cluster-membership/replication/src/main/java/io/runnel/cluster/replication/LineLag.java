package io.runnel.cluster.replication;

/**
 * How long lines were under way beyond the least time seen, measured by this node's clock: a line
 * that sat in a queue says things that were true when it was written. The two clocks need not agree
 * on the time, only on how it passes; a drift of up to 100 ppm is allowed for. For one thread.
 */
final class LineLag {
    private static final long DRIFT_PART = 10_000;

    private long leastNs;
    private long leastAtNs;
    private boolean measured;

    /**
     * The lag of a line, in nanoseconds, never negative.
     *
     * @param arrivedNs by this node's clock
     * @param sentNs by the sender's clock
     */
    long measure(long arrivedNs, long sentNs) {
        long offsetNs = arrivedNs - sentNs;
        long allowedNs = leastNs + (arrivedNs - leastAtNs) / DRIFT_PART;
        if (!measured || offsetNs - allowedNs < 0) {
            measured = true;
            leastNs = offsetNs;
            leastAtNs = arrivedNs;
            return 0;
        }
        return offsetNs - allowedNs;
    }
}
