package io.runnel.routing.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When what is kept was last taken away: what was asked for before that or at that very millisecond
 * is not to be kept when it comes. By hashes, so that it takes 136 KiB for any number of addresses:
 * two that share a mark cost each other a miss at most. Lock-free, any thread.
 */
final class Marks {
    private static final int ADDRESSES = 1 << 14;
    private static final int SPACES = 1 << 10;
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLongArray addresses = never(ADDRESSES);
    private final AtomicLongArray spaces = never(SPACES);
    private final AtomicLong all = new AtomicLong(NEVER);

    private static AtomicLongArray never(int places) {
        AtomicLongArray marks = new AtomicLongArray(places);
        for (int i = 0; i < places; i++) {
            marks.set(i, NEVER);
        }
        return marks;
    }

    void mark(CacheKey key, long nowMillis) {
        addresses.accumulateAndGet(address(key), nowMillis, Math::max);
    }

    void markSpace(String space, long nowMillis) {
        spaces.accumulateAndGet(space(space), nowMillis, Math::max);
    }

    void markAll(long nowMillis) {
        all.accumulateAndGet(nowMillis, Math::max);
    }

    /** Whether nothing was taken away since. */
    boolean isCurrent(CacheKey key, long requestedMillis) {
        return requestedMillis > addresses.get(address(key))
                && requestedMillis > spaces.get(space(key.space()))
                && requestedMillis > all.get();
    }

    private static int address(CacheKey key) {
        return spread(key.hashCode()) & (ADDRESSES - 1);
    }

    private static int space(String space) {
        return spread(space.hashCode()) & (SPACES - 1);
    }

    private static int spread(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85EB_CA6B;
        return mixed ^ (mixed >>> 13);
    }
}
