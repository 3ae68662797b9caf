package io.runnel.routing.forward;

/**
 * How long a region's answers took lately: a histogram of fixed size with eight steps for each
 * doubling, so that what it says is right to an eighth. After a thousand answers all counts are
 * halved: what was long ago fades. For one event loop only.
 */
final class AnswerTimes {
    /** Fewer say nothing. */
    static final int LEAST = 100;

    private static final int STEP_BITS = 3;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int BUCKETS = 64 * STEPS;
    private static final int HALVED_AT = 1024;
    private static final int ANEW_EVERY = 64;
    private static final int PERCENT = 95;

    private final int[] counts = new int[BUCKETS];
    private int total;
    private int sinceAnew;
    private long late = Long.MAX_VALUE;

    void add(long nanos) {
        counts[bucket(Math.max(1, nanos))]++;
        total++;
        if (total >= HALVED_AT) {
            halve();
        }
        if (++sinceAnew >= ANEW_EVERY || total == LEAST) {
            sinceAnew = 0;
            late = total < LEAST ? Long.MAX_VALUE : percentile();
        }
    }

    /** What 95 of 100 answers took at most, nanoseconds; the largest number if nobody knows. */
    long lateNanos() {
        return late;
    }

    private void halve() {
        total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] >>= 1;
            total += counts[i];
        }
    }

    private long percentile() {
        int beyond = total - (total * PERCENT + 99) / 100;
        int i = BUCKETS - 1;
        while (i > 0 && beyond >= counts[i]) {
            beyond -= counts[i];
            i--;
        }
        return upperEdge(i);
    }

    private static int bucket(long nanos) {
        int high = 63 - Long.numberOfLeadingZeros(nanos);
        if (high < STEP_BITS) {
            return (int) nanos;
        }
        int step = (int) (nanos >>> (high - STEP_BITS)) & (STEPS - 1);
        return (high - STEP_BITS + 1) * STEPS + step;
    }

    private static long upperEdge(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (STEPS + bucket % STEPS + 1) << shift) - 1;
    }
}
