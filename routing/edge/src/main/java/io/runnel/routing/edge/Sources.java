package io.runnel.routing.edge;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many calls of each source are under way, in memory that does not grow with the number of
 * sources: two rows of counters, of which each source has one in either. What a source has under
 * way is the smaller one of its two: never less than it has, and more only if others share both.
 * The hashes are salted, so that nobody can choose whom to share with.
 *
 * <p>With n sources seen in the last ten seconds each may have a n-th of the calls, at least one;
 * one alone may have all. Source: the count-min sketch (Cormode and Muthukrishnan, 2005), here with
 * counts that fall again. Safe for any thread.
 */
final class Sources {
    private static final int CELLS = 4096;
    private static final long ACTIVE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final long salt;
    private final int[] first = new int[CELLS];
    private final int[] second = new int[CELLS];
    private final long[] seenNanos = new long[CELLS];
    private int active;
    private long lookNanos;

    /** Nothing under way. */
    Sources(long salt, long nowNanos) {
        this.salt = salt;
        this.lookNanos = nowNanos;
        Arrays.fill(seenNanos, nowNanos - 2 * ACTIVE_NANOS);
    }

    /**
     * Counts a call of a source, if that has not its share under way already; {@link #leave} has to
     * follow.
     *
     * @param source a number for it
     * @param most calls that all sources may have under way together
     */
    synchronized boolean tryEnter(long source, long nowNanos, int most) {
        long hash = hash(source);
        see(firstCell(hash), nowNanos);
        int underWay = Math.min(first[firstCell(hash)], second[secondCell(hash)]);
        if (active > 1 && underWay >= share(most)) {
            return false;
        }
        first[firstCell(hash)]++;
        second[secondCell(hash)]++;
        return true;
    }

    /** A call that was counted is over. */
    synchronized void leave(long source) {
        long hash = hash(source);
        first[firstCell(hash)]--;
        second[secondCell(hash)]--;
    }

    /** What each source may have under way, of so many calls. */
    synchronized int share(int most) {
        return Math.max(1, most / Math.max(active, 1));
    }

    private void see(int cell, long nowNanos) {
        boolean isNew = nowNanos - seenNanos[cell] > ACTIVE_NANOS;
        seenNanos[cell] = nowNanos;
        if (nowNanos - lookNanos >= LOOK_NANOS) {
            lookNanos = nowNanos;
            active =
                    (int)
                            Arrays.stream(seenNanos)
                                    .filter(t -> nowNanos - t <= ACTIVE_NANOS)
                                    .count();
        } else if (isNew) {
            active++;
        }
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, 2014). */
    private long hash(long source) {
        long z = source ^ salt;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static int firstCell(long hash) {
        return (int) (hash & (CELLS - 1));
    }

    private static int secondCell(long hash) {
        return (int) (hash >>> 32 & (CELLS - 1));
    }
}
