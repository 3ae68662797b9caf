package io.runnel.exec.isolate;

import java.util.concurrent.TimeUnit;

/**
 * How many runs on event loops may turn out too long in one second, on all threads together. Safe
 * for any thread.
 */
final class OverlongBudget {
    /** In one second. */
    static final int MOST = 8;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private volatile long spentUntilNanos;

    // Guarded by this.
    private long secondNanos;
    private int spent;

    /** A whole one. */
    OverlongBudget(long nowNanos) {
        this.secondNanos = nowNanos;
        this.spentUntilNanos = nowNanos;
    }

    boolean isSpent(long nowNanos) {
        return spentUntilNanos - nowNanos > 0;
    }

    /** One was too long. */
    synchronized void spend(long nowNanos) {
        if (nowNanos - secondNanos >= SECOND_NANOS) {
            secondNanos = nowNanos;
            spent = 0;
        }
        spent++;
        if (spent >= MOST) {
            spentUntilNanos = secondNanos + SECOND_NANOS;
        }
    }
}
