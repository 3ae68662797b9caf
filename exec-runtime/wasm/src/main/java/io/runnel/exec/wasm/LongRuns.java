package io.runnel.exec.wasm;

/**
 * Whether a program's calls run much longer than a copy of its whole memory takes. Waits for the
 * host count as well: beside them the copy is as short.
 *
 * <p>Written without locks by the threads that run its calls: what one overwrites of another's does
 * not matter to a mean.
 */
final class LongRuns {
    /** A copy of what is in the processor's caches: 2.3 us of 128 KiB, 45 us of 2 MiB. */
    private static final long COPIED_PER_NANO = 40;

    /** The copy takes a thirtieth of such a call at most. */
    private static final long TIMES = 32;

    private static final long LEAST_NANOS = 200_000;

    /** What HotSpot had by then of the first form; before, it is slower than it will be. */
    private static final long LEAST_IN_ALL_NANOS = 1_000_000_000;

    /** Not there and back with each call. */
    private static final int APART = 4;

    private static final int WEIGHT = 16;

    /** So many times the mean one call counts at most. */
    private static final long MOST_TIMES = 4;

    private long inAllNanos;
    private long meanNanos;

    /** One more call that ended. */
    void add(long nanos) {
        meanNanos = inAllNanos == 0 ? nanos : meanNanos + (counted(nanos) - meanNanos) / WEIGHT;
        inAllNanos += nanos;
    }

    /** As much: one that had no processor for a while says nothing of the guest. */
    private long counted(long nanos) {
        return Math.min(nanos, MOST_TIMES * Math.max(meanNanos, LEAST_NANOS / (2 * MOST_TIMES)));
    }

    /** Whether the second form is worth it, with a memory of this size. */
    boolean areLong(long memoryBytes) {
        return inAllNanos >= LEAST_IN_ALL_NANOS && meanNanos >= longNanos(memoryBytes);
    }

    /** Whether it is not any more. */
    boolean areShort(long memoryBytes) {
        return meanNanos < longNanos(memoryBytes) / APART;
    }

    private static long longNanos(long memoryBytes) {
        return Math.max(LEAST_NANOS, TIMES * memoryBytes / COPIED_PER_NANO);
    }
}
