package io.runnel.routing.forward;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many calls a region's node is given when it can be reached again, while others can take the
 * rest. Its process may have begun anew: then it interprets all that it runs, and the load that was
 * light for the one before would smother it, so that it falls silent and is lost again. So it gets
 * {@value #FIRST_SECOND} calls in the first second, twice as many in each further one, and after
 * ten seconds as many as come. Envoy and NGINX call this slow start; there a share grows, here a
 * number, for few calls hurt nobody.
 *
 * <p>And it has no more than {@value #AT_ONCE} under way: how fast its process grows warm shows in
 * how soon it answers, as a network's room does to TCP (RFC 5681 section 3.1).
 *
 * <p>Safe for any thread; takes no lock.
 */
final class SlowStart {
    static final int FIRST_SECOND = 50;

    /** Until it has been up for so long. */
    static final Duration LASTS = Duration.ofSeconds(10);

    /** Calls that it gets at once, and that it has under way. */
    static final int AT_ONCE = 10;

    private static final double NANOS_OF_SECOND = 1e9;

    private final LongSupplier nanoClock;
    private final AtomicLong given = new AtomicLong();
    private volatile long upNanos;
    private volatile boolean over = true;

    /** Of one that was never away. */
    SlowStart(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** It was away, and can be reached again. */
    void begin() {
        upNanos = nanoClock.getAsLong();
        given.set(0);
        over = false;
    }

    /**
     * Whether it gets one more call now, which counts.
     *
     * @param underWay how many it has
     */
    boolean tryTake(int underWay) {
        if (isOver()) {
            return true;
        }
        if (underWay >= AT_ONCE) {
            return false;
        }
        long most = mostNow();
        long before = given.get();
        while (before < most) {
            if (given.compareAndSet(before, before + 1)) {
                return true;
            }
            before = given.get();
        }
        return false;
    }

    /** Whether it would get one more call now. */
    boolean hasMore(int underWay) {
        return isOver() || (underWay < AT_ONCE && given.get() < mostNow());
    }

    /** Whether it gets as many as come. */
    boolean isOver() {
        if (!over && nanoClock.getAsLong() - upNanos >= LASTS.toNanos()) {
            over = true;
        }
        return over;
    }

    private long mostNow() {
        return mostUntil(nanoClock.getAsLong() - upNanos);
    }

    private static long mostUntil(long upForNanos) {
        double doublings = Math.pow(2, upForNanos / NANOS_OF_SECOND) - 1;
        return AT_ONCE + Math.round(FIRST_SECOND * doublings);
    }
}
