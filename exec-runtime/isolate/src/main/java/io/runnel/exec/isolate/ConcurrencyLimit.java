package io.runnel.exec.isolate;

import java.time.Duration;

/**
 * How many calls may run at once, by how late the node itself is: a gradient limit.
 *
 * <p>What is measured is by how much event loops are late. No guest's time is in it, so that guests
 * which wait for others do not count as load; a node whose processors are busy is late whatever its
 * guests do. The time from a slot to its thread is not in it either: that was 5 ms at the median of
 * guests that only wait, on processors that were not busy. After each window of {@link #WINDOW}
 * with at least {@value #LEAST_SAMPLES} samples,
 *
 * <pre>
 * gradient = clamp(tolerance / mean, 1/2, 1)
 * limit    = gradient x limit + sqrt(limit) / 2
 * </pre>
 *
 * between the least and the most, at most a tenth less than before. Lateness, unlike latency, has
 * no floor that would have to be learned.
 *
 * <p>Source: the gradient controller of Envoy's adaptive concurrency filter (gradient = (minRTT +
 * buffer) / sampleRTT, headroom sqrt(limit)) and Netflix's concurrency-limits ({@code
 * Gradient2Limit}: tolerance, the gradient's bounds, smoothing), but for what is measured. Pure;
 * guarded by its pool.
 */
final class ConcurrencyLimit {
    /** How long a window is at least. */
    static final Duration WINDOW = Duration.ofMillis(100);

    /** Lateness that is no sign of anything. */
    static final Duration TOLERANCE = Duration.ofMillis(10);

    static final int LEAST_SAMPLES = 8;

    private static final double LEAST_GRADIENT = 0.5;
    private static final double MOST_FALL = 0.9;

    private final int least;
    private final int most;
    private double limit;
    private long windowNanos;
    private long sumNanos;
    private int samples;

    /**
     * At its most.
     *
     * @param least it never falls below
     * @param most it never rises above
     */
    ConcurrencyLimit(int least, int most, long nowNanos) {
        this.least = least;
        this.most = most;
        this.limit = most;
        this.windowNanos = nowNanos;
    }

    /** Calls that may run at once. */
    int limit() {
        return (int) Math.round(limit);
    }

    /**
     * The node was late by so much.
     *
     * @return whether the limit is another now
     */
    boolean late(long nowNanos, long lateNanos) {
        // A pause of a collector, or of the system, is no load: it counts as one late sample.
        sumNanos += Math.clamp(lateNanos, 0, 2 * TOLERANCE.toNanos());
        samples++;
        if (samples < LEAST_SAMPLES || nowNanos - windowNanos < WINDOW.toNanos()) {
            return false;
        }
        int before = limit();
        adapt(sumNanos / samples);
        windowNanos = nowNanos;
        sumNanos = 0;
        samples = 0;
        return limit() != before;
    }

    private void adapt(long meanNanos) {
        double bearable = TOLERANCE.toNanos();
        double gradient = Math.clamp(bearable / Math.max(meanNanos, 1), LEAST_GRADIENT, 1);
        double next = Math.max(gradient * limit + Math.sqrt(limit) / 2, MOST_FALL * limit);
        limit = Math.clamp(next, least, most);
    }
}
