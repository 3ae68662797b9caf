package io.runnel.exec.forecast;

/**
 * When the next burst of a period is expected, and how exactly.
 *
 * <p>An alpha-beta filter (Kalata, "The Tracking Index", 1984) holds the time of the next burst and
 * the period. With alpha at a half its error is the same share above the best for a clock that
 * always rings late by another bit and for one whose every lateness moves all that follow.
 *
 * <p>A burst is expected {@code reach} jitters around that time. Jitter is 1.25 times the mean
 * absolute error, which is the standard deviation of a normal error, with each error cut at three
 * jitters so that a single wild one does not open the window (Huber). Reach is 3, and grows where
 * errors have a longer tail: a burst just outside raises it by a seventh, each inside lowers it by
 * so little that about one in two hundred may lie outside. Not thread-safe.
 */
final class Rhythm {
    private static final double ALPHA = 0.5;
    private static final double BETA = 0.1;
    private static final double NORMAL = 1.2533;
    private static final float LEAST_REACH = 3;
    private static final float MOST_REACH = 8;
    private static final float REACH_UP = 1.15f;
    private static final float REACH_DOWN = 0.9994f;
    private static final double LEAST_WEIGHT = 1.0 / 16;
    private static final double WEIGHT_OUTSIDE = 1.0 / 8;
    private static final double WIDEST = 0.45;

    private final double floorMs;
    private double periodMs;
    private double jitterMs;
    private double expectedMs;
    private float reach = LEAST_REACH;
    private int hits;

    /**
     * A rhythm of which one burst is known.
     *
     * @param lastMs when that began
     * @param floorMs how exact its times are at best
     */
    Rhythm(double periodMs, double jitterMs, long lastMs, double floorMs) {
        this.periodMs = periodMs;
        this.floorMs = Math.max(floorMs, periodMs / 2_000);
        this.jitterMs = Math.max(jitterMs, this.floorMs / LEAST_REACH);
        this.expectedMs = lastMs + periodMs;
    }

    /** How much later than expected this would be. */
    double errorMs(long nowMs) {
        return nowMs - expectedMs;
    }

    /** A burst came in its window. */
    void hit(long nowMs) {
        double error = errorMs(nowMs);
        hits++;
        learn(Math.min(Math.abs(error), 3 * jitterMs), Math.max(LEAST_WEIGHT, 1.0 / (hits + 2)));
        reach = Math.max(LEAST_REACH, reach * REACH_DOWN);
        periodMs += BETA * error;
        expectedMs += ALPHA * error + periodMs;
    }

    /** A burst came outside its window by so much off what was expected. */
    void outside(long nowMs, double error) {
        learn(Math.abs(error), WEIGHT_OUTSIDE);
        reach = Math.min(MOST_REACH, reach * REACH_UP);
        restart(nowMs);
    }

    private void learn(double error, double weight) {
        jitterMs = Math.max(floorMs / LEAST_REACH, jitterMs + weight * (NORMAL * error - jitterMs));
    }

    /** No burst came. */
    void missed() {
        expectedMs += periodMs;
    }

    /** The next burst is expected a period from now. */
    void restart(long nowMs) {
        expectedMs = nowMs + periodMs;
    }

    double periodMs() {
        return periodMs;
    }

    double jitterMs() {
        return jitterMs;
    }

    double expectedMs() {
        return expectedMs;
    }

    double halfWindowMs() {
        return Math.min(Math.max(floorMs, reach * jitterMs), WIDEST * periodMs);
    }

    double opensMs() {
        return expectedMs - halfWindowMs();
    }

    double closesMs() {
        return expectedMs + halfWindowMs();
    }
}
