package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of demand, which a test moves: minutes pass in milliseconds. After each step of it the
 * pool is tended, and what that began in the background is over before the next. What has a
 * deadline goes by the machine's clock. For one thread; its clocks are for any.
 */
public final class MovedTime {
    private static final long STEP_MS = 100;
    private static final long MOST_NANOS = Duration.ofSeconds(20).toNanos();

    private final AtomicLong nowMs = new AtomicLong(1_000_000);

    /** What a runner is to go by. */
    public Clocks clocks() {
        return new Clocks(System::nanoTime, nowMs::get);
    }

    /** What time it is. */
    public long nowMs() {
        return nowMs.get();
    }

    /** Jumps to a later time; nothing is done meanwhile. */
    public void jumpTo(long atMs) {
        nowMs.set(atMs);
    }

    /** Lets time pass, and what is due be done. */
    public void pass(TaskRunner runner, long ms) {
        long endMs = nowMs() + ms;
        while (nowMs() < endMs) {
            jumpTo(Math.min(endMs, nowMs() + STEP_MS));
            settle(runner);
        }
    }

    /** Does what is due now, to its end. */
    public static void settle(TaskRunner runner) {
        runner.pool().tend();
        long endNanos = System.nanoTime() + MOST_NANOS;
        while (!runner.pool().isQuiet()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("the pool's background work does not end");
            }
            Thread.onSpinWait();
        }
        runner.pool().tend();
    }
}
