package io.runnel.routing.placement;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Exact, fading counts of up to 16,384 keys, in sets of eight as a processor's cache has them: a
 * key may only be in the set that its hash names.
 *
 * <p>Lock-free, any thread. A key that is replaced while another thread counts it may hand that one
 * count to its successor; two threads that bring in the same key at the same instant may put it
 * into two places, of which only the first is counted further. Both are off by one call.
 */
final class HotTable {
    private static final int SET_BITS = 11;
    private static final int WAYS = 8;

    /** The key of a place that was never used. */
    private static final long NO_KEY = 0;

    private final AtomicLongArray keys = new AtomicLongArray(WAYS << SET_BITS);
    private final AtomicLongArray cells = new AtomicLongArray(WAYS << SET_BITS);
    private final Decay decay;

    HotTable(Decay decay) {
        this.decay = decay;
    }

    /** Where the key is, or a negative number. */
    int find(long hash) {
        int first = first(hash);
        for (int i = first; i < first + WAYS; i++) {
            if (keys.get(i) == hash) {
                return i;
            }
        }
        return -1;
    }

    float count(int place, int tick) {
        return decay.count(cells.get(place), tick);
    }

    /** Counts once more what is in this place. */
    float add(int place, int tick) {
        while (true) {
            long cell = cells.get(place);
            float count = decay.count(cell, tick) + 1;
            if (cells.compareAndSet(place, cell, Decay.cell(count, tick))) {
                return count;
            }
        }
    }

    /** The place in the key's set whose count is the least. */
    int coldest(long hash, int tick) {
        int first = first(hash);
        int coldest = first;
        float least = Float.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            float count = keys.get(i) == NO_KEY ? -1 : count(i, tick);
            if (count < least) {
                least = count;
                coldest = i;
            }
        }
        return coldest;
    }

    /** Puts a key into this place, and hands what was there back to the sketch. */
    void replace(int place, long hash, float count, int tick, DecayingSketch sketch) {
        long oldKey = keys.get(place);
        float oldCount = count(place, tick);
        if (keys.compareAndSet(place, oldKey, hash)) {
            cells.set(place, Decay.cell(count, tick));
            if (oldKey != NO_KEY) {
                sketch.raise(oldKey, oldCount, tick);
            }
        }
    }

    /** The sketch takes its indexes from all four quarters of the hash; this from their mixture. */
    private static int first(long hash) {
        return (int) ((hash * 0x9E37_79B9_7F4A_7C15L) >>> (64 - SET_BITS)) * WAYS;
    }
}
