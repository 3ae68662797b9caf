package io.runnel.routing.placement;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Estimates how often any of countless keys was counted lately, in 2 MiB: a count-min sketch
 * (Cormode and Muthukrishnan 2005) with conservative update (Estan and Varghese 2002) over cells
 * that fade (see {@link Decay}). It never estimates too little, but for counts of the same key at
 * the same instant on two threads, one of which may be lost.
 *
 * <p>Fading keeps the promise: all counts shrink by the same factor, so a cell that was at least a
 * key's count stays so.
 *
 * <p>Lock-free, any thread.
 */
final class DecayingSketch {
    private static final int ROWS = 4;
    private static final int WIDTH_BITS = 16;
    private static final int MASK = (1 << WIDTH_BITS) - 1;

    private final AtomicLongArray cells = new AtomicLongArray(ROWS << WIDTH_BITS);
    private final Decay decay;

    DecayingSketch(Decay decay) {
        this.decay = decay;
    }

    float estimate(long hash, int tick) {
        float least = Float.MAX_VALUE;
        for (int row = 0; row < ROWS; row++) {
            least = Math.min(least, decay.count(cells.get(index(hash, row)), tick));
        }
        return least;
    }

    /** Counts once more and estimates. */
    float add(long hash, int tick) {
        float count = estimate(hash, tick) + 1;
        raise(hash, count, tick);
        return count;
    }

    /** Sees to it that the estimate is at least {@code count}. */
    void raise(long hash, float count, int tick) {
        long raised = Decay.cell(count, tick);
        for (int row = 0; row < ROWS; row++) {
            int index = index(hash, row);
            long cell = cells.get(index);
            while (decay.count(cell, tick) < count && !cells.compareAndSet(index, cell, raised)) {
                cell = cells.get(index);
            }
        }
    }

    private static int index(long hash, int row) {
        return (row << WIDTH_BITS) + ((int) (hash >>> (row * WIDTH_BITS)) & MASK);
    }
}
