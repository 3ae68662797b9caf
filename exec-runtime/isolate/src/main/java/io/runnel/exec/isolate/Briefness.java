package io.runnel.exec.isolate;

import java.util.concurrent.TimeUnit;

/**
 * Whether a program's calls are usually over in less time than it takes to give them to another
 * thread. Goes by the mean of their run times, in which each counts a sixteenth; each call that was
 * taken for brief and was not bars the program, twice as long as the time before. Safe for any
 * thread; what is lost between two that write at once is no matter.
 */
final class Briefness {
    /** About what the way to another thread and back costs: {@link SlotThreads}. */
    static final long MOST_NANOS = 50_000;

    private static final int LEAST_CALLS = 32;
    private static final int FADE = 16;
    private static final long FIRST_BAR_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_BAR_NANOS = TimeUnit.MINUTES.toNanos(10);

    private volatile long meanNanos = 2 * MOST_NANOS;
    private volatile int calls;
    private volatile long barNanos;
    private volatile long barredUntilNanos;

    /** Whether the next call may be taken for brief. */
    boolean isBrief(long nowNanos) {
        return calls >= LEAST_CALLS
                && meanNanos <= MOST_NANOS
                && (barNanos == 0 || nowNanos - barredUntilNanos >= 0);
    }

    /** A call ran so long. */
    void ran(long nanos) {
        // One that the system let wait, or a collector, says little: it counts as twice the most.
        long mean = meanNanos;
        meanNanos = mean + (Math.min(nanos, 2 * MOST_NANOS) - mean) / FADE;
        int seen = calls;
        calls = Math.min(seen + 1, LEAST_CALLS);
    }

    /** A call that was taken for brief was not. */
    void wasNot(long nowNanos) {
        long last = barNanos;
        boolean longAgo = last != 0 && nowNanos - barredUntilNanos > 16 * last;
        long next = last == 0 || longAgo ? FIRST_BAR_NANOS : 2 * last;
        barNanos = Math.min(next, LONGEST_BAR_NANOS);
        barredUntilNanos = nowNanos + barNanos;
    }
}
