package io.runnel.routing.placement;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is known exactly of up to 16,384 keys, in 1.1 MiB: fading counts by two half-lives, the
 * memory that each costs, and how long its calls take. In sets of eight as a processor's cache has
 * them: a key may only be in the set that its hash names. All that belongs to a key lies in one
 * line of the cache.
 *
 * <p>Lock-free, any thread. A key that is replaced while another thread counts it may hand that one
 * count to its successor; two threads that bring in the same key at the same instant may put it
 * into two places, of which only the first is counted further. Both are off by one call.
 */
final class HotTable {
    /** How many keys there is room for. */
    static final int PLACES = 1 << 14;

    private static final int WAYS = 8;
    private static final int SET_BITS = 11;

    /** Longs of a place: 64 bytes. */
    private static final int STRIDE_BITS = 3;

    private static final int RECENT = 0;
    private static final int LASTING = 1;
    private static final int COST = 2;
    private static final int HERE = 3;
    private static final int THERE = 4;

    /** In the cost: the task was placed in a region because it is faster there. */
    private static final long AWAY = 1L << 62;

    /** The key of a place that was never used. */
    private static final long NO_KEY = 0;

    /** What was called this often, by the longer half-life alone, is as hot as any such. */
    private static final float MOST_LASTING_HEAT = 9;

    private final AtomicLongArray keys = new AtomicLongArray(PLACES);
    private final AtomicLongArray cells = new AtomicLongArray(PLACES << STRIDE_BITS);
    private final Decay recent;
    private final Decay lasting;

    HotTable(Decay recent, Decay lasting) {
        this.recent = recent;
        this.lasting = lasting;
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

    boolean isUsed(int place) {
        return keys.get(place) != NO_KEY;
    }

    /** Calls by the shorter half-life. */
    float recent(int place, int tick) {
        return recent.count(cells.get(cell(place, RECENT)), tick);
    }

    /** Calls by the longer half-life. */
    float lasting(int place, int tick) {
        return lasting.count(cells.get(cell(place, LASTING)), tick);
    }

    long bytes(int place) {
        return cells.get(cell(place, COST)) & ~AWAY;
    }

    boolean isAway(int place) {
        return (cells.get(cell(place, COST)) & AWAY) != 0;
    }

    /** Counts once more what is in this place. */
    void add(int place, int tick) {
        add(cell(place, RECENT), recent, tick);
        add(cell(place, LASTING), lasting, tick);
    }

    private void add(int index, Decay decay, int tick) {
        long cell = cells.get(index);
        while (!cells.compareAndSet(index, cell, Decay.cell(decay.count(cell, tick) + 1, tick))) {
            cell = cells.get(index);
        }
    }

    /** Notes what the task in this place costs. */
    void cost(int place, long bytes) {
        int index = cell(place, COST);
        long cell = cells.get(index);
        if ((cell & ~AWAY) != bytes) {
            cells.compareAndSet(index, cell, bytes | (cell & AWAY));
        }
    }

    /** Notes whether the task in this place runs in a region because it is faster there. */
    void away(int place, boolean away) {
        int index = cell(place, COST);
        long cell = cells.get(index);
        if (away != ((cell & AWAY) != 0)) {
            cells.compareAndSet(index, cell, cell ^ AWAY);
        }
    }

    /** How long its calls take, as {@link RunTimes} keeps it. */
    long time(int place, boolean here) {
        return cells.get(cell(place, here ? HERE : THERE));
    }

    boolean changeTime(int place, boolean here, long before, long after) {
        return cells.compareAndSet(cell(place, here ? HERE : THERE), before, after);
    }

    /** How much a key is worth its place: what it was called of late, and a little for long ago. */
    static float heat(float recent, float lasting) {
        return Math.max(recent, Math.min(lasting, MOST_LASTING_HEAT));
    }

    float heat(int place, int tick) {
        return isUsed(place) ? heat(recent(place, tick), lasting(place, tick)) : -1;
    }

    /** The place in the key's set that is worth the least. */
    int coldest(long hash, int tick) {
        int first = first(hash);
        int coldest = first;
        float least = Float.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            float heat = heat(i, tick);
            if (heat < least) {
                least = heat;
                coldest = i;
            }
        }
        return coldest;
    }

    /** Puts a key into this place, and hands what was there back to the sketch. */
    void replace(int place, long hash, long counts, int tick, DecayingSketch sketch) {
        long oldKey = keys.get(place);
        float oldRecent = recent(place, tick);
        float oldLasting = lasting(place, tick);
        if (keys.compareAndSet(place, oldKey, hash)) {
            cells.set(cell(place, RECENT), Decay.cell(DecayingSketch.recent(counts), tick));
            cells.set(cell(place, LASTING), Decay.cell(DecayingSketch.lasting(counts), tick));
            cells.set(cell(place, COST), 0);
            cells.set(cell(place, HERE), 0);
            cells.set(cell(place, THERE), 0);
            if (oldKey != NO_KEY) {
                sketch.raise(oldKey, oldRecent, oldLasting, tick);
            }
        }
    }

    private static int cell(int place, int which) {
        return (place << STRIDE_BITS) + which;
    }

    /** The sketch takes its indexes from all four quarters of the hash; this from their mixture. */
    private static int first(long hash) {
        return (int) ((hash * 0x9E37_79B9_7F4A_7C15L) >>> (64 - SET_BITS)) * WAYS;
    }
}
