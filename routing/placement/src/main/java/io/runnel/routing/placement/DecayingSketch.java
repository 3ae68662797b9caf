package io.runnel.routing.placement;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Estimates how often any of countless keys was counted lately, by two half-lives at once, in 2
 * MiB: a count-min sketch (Cormode and Muthukrishnan 2005) with conservative update (Estan and
 * Varghese 2002) over cells that fade (see {@link Decay}). It never estimates too little, but for
 * counts of the same key at the same instant on two threads, one of which may be lost, and for what
 * rounding takes: a cell keeps two counts as floats of 16 bits, exact up to 2,048, beside the tick
 * at which they were touched last.
 *
 * <p>Fading keeps the promise: all counts of a half-life shrink by the same factor, so a cell that
 * was at least a key's count stays so.
 *
 * <p>What it says too much in the mean is known: all that was counted, spread over the cells of a
 * row (count-mean-min: Deng and Rafiei 2007). With conservative update it is less. Who has to tell
 * a key that was really counted from one that merely shares its cells takes {@link #noise} off.
 *
 * <p>Estimates are two floats in a {@code long}, so that nothing is allocated: see {@link #recent}
 * and {@link #lasting}. Lock-free, any thread.
 */
final class DecayingSketch {
    private static final int ROWS = 4;
    private static final int WIDTH_BITS = 16;
    private static final int WIDTH = 1 << WIDTH_BITS;
    private static final float MOST = 65_504;

    private final AtomicLongArray cells = new AtomicLongArray(ROWS << WIDTH_BITS);

    /** All that was ever added, faded: recent and lasting. */
    private final AtomicLongArray all = new AtomicLongArray(2);

    private final Decay recent;
    private final Decay lasting;

    DecayingSketch(Decay recent, Decay lasting) {
        this.recent = recent;
        this.lasting = lasting;
    }

    /** The count by the shorter half-life. */
    static float recent(long counts) {
        return Float.intBitsToFloat((int) (counts >>> 32));
    }

    /** The count by the longer half-life. */
    static float lasting(long counts) {
        return Float.intBitsToFloat((int) counts);
    }

    static long counts(float recent, float lasting) {
        return ((long) Float.floatToRawIntBits(recent) << 32)
                | (Float.floatToRawIntBits(lasting) & 0xFFFF_FFFFL);
    }

    long estimate(long hash, int tick) {
        float leastRecent = Float.MAX_VALUE;
        float leastLasting = Float.MAX_VALUE;
        for (int row = 0; row < ROWS; row++) {
            long cell = cells.get(index(hash, row));
            leastRecent = Math.min(leastRecent, recentOf(cell, tick));
            leastLasting = Math.min(leastLasting, lastingOf(cell, tick));
        }
        return counts(leastRecent, leastLasting);
    }

    /** Counts once more and estimates. */
    long add(long hash, int tick) {
        long before = estimate(hash, tick);
        float nowRecent = recent(before) + 1;
        float nowLasting = lasting(before) + 1;
        raise(hash, nowRecent, nowLasting, tick);
        addTo(0, recent, tick);
        addTo(1, lasting, tick);
        return counts(nowRecent, nowLasting);
    }

    private void addTo(int place, Decay decay, int tick) {
        long cell = all.get(place);
        while (!all.compareAndSet(place, cell, Decay.cell(decay.count(cell, tick) + 1, tick))) {
            cell = all.get(place);
        }
    }

    /** How much of an estimate others may have brought. */
    long noise(int tick) {
        return counts(
                recent.count(all.get(0), tick) / WIDTH, lasting.count(all.get(1), tick) / WIDTH);
    }

    /** Sees to it that the estimate is at least this. */
    void raise(long hash, float atLeastRecent, float atLeastLasting, int tick) {
        for (int row = 0; row < ROWS; row++) {
            int index = index(hash, row);
            while (!raised(index, atLeastRecent, atLeastLasting, tick)) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean raised(int index, float atLeastRecent, float atLeastLasting, int tick) {
        long cell = cells.get(index);
        float hasRecent = recentOf(cell, tick);
        float hasLasting = lastingOf(cell, tick);
        if (hasRecent >= atLeastRecent && hasLasting >= atLeastLasting) {
            return true;
        }
        long better =
                cell(
                        Math.max(hasRecent, atLeastRecent),
                        Math.max(hasLasting, atLeastLasting),
                        tick);
        return cells.compareAndSet(index, cell, better);
    }

    private static long cell(float recent, float lasting, int tick) {
        long both =
                ((long) Float.floatToFloat16(Math.min(recent, MOST)) << 16)
                        | (Float.floatToFloat16(Math.min(lasting, MOST)) & 0xFFFFL);
        return (both << 32) | (tick & 0xFFFF_FFFFL);
    }

    private float recentOf(long cell, int tick) {
        return Float.float16ToFloat((short) (cell >>> 48)) * recent.factor(tick - (int) cell);
    }

    private float lastingOf(long cell, int tick) {
        return Float.float16ToFloat((short) (cell >>> 32)) * lasting.factor(tick - (int) cell);
    }

    private static int index(long hash, int row) {
        return (row << WIDTH_BITS) + ((int) (hash >>> (row * WIDTH_BITS)) & (WIDTH - 1));
    }
}
