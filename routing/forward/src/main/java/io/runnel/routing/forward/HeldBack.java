package io.runnel.routing.forward;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How many calls a region that refused one for want of room is given: as many as it had from here,
 * or lately had on average, and with time a few more. One that ends makes room for one: if none
 * were sent, a region whose calls are brief would idle for most of the time.
 *
 * <p>What is held back here is not seen there. A region that has just given up all that waited may
 * have as many calls as it runs and none that waits, or hardly any when that is heard of here. Kept
 * at so few it would take its flood for over, and let the whole of it wait again. So the number is
 * no less than the mean, and grows by as much again in {@link #DOUBLES}, until it refuses one more.
 * A POP that has no part in what fills a region has nothing to find out that way, and gives it
 * none.
 *
 * <p>Source: the additive increase of congestion control (Chiu and Jain, 1989), in steps that are
 * in proportion to a POP's part.
 *
 * @param calls that it had besides the one that it refused, or on average
 * @param sinceNanos when it refused that
 * @param untilNanos from when on it is held back no longer
 */
record HeldBack(int calls, long sinceNanos, long untilNanos) {
    /** In this time a region is given twice as many. */
    static final Duration DOUBLES = Duration.ofMillis(400);

    private static final long LEAST_NANOS = Duration.ofMillis(250).toNanos();
    private static final long MOST_NANOS = Duration.ofSeconds(1).toNanos();

    /** From now on, for a time that differs from POP to POP. */
    static HeldBack of(int calls, long nowNanos, RandomGenerator random) {
        long forNanos = random.nextLong(LEAST_NANOS, MOST_NANOS);
        return new HeldBack(Math.max(calls, 0), nowNanos, nowNanos + forNanos);
    }

    boolean isOver(long nowNanos) {
        return untilNanos - nowNanos <= 0;
    }

    /** How many calls from here it may have now. */
    int most(long nowNanos) {
        long passedNanos = Math.max(nowNanos - sinceNanos, 0);
        return calls + (int) (calls * passedNanos / DOUBLES.toNanos());
    }
}
