package io.runnel.routing.cache;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is kept, in a bounded number of bytes. Whoever looks takes no lock; whoever changes what is
 * kept takes the only one, for some microseconds. Any thread.
 *
 * <p>Bytes are taken before there is anything that has them, and given back after it went, so they
 * are never more than the bound: for what is kept and for what is being gathered alike. To take
 * some, others may have to go; but what is being gathered may not have more than a quarter.
 */
final class Shelf {
    private static final int GATHERING_PART = 4;

    private final Map<CacheKey, Variants> kept = new ConcurrentHashMap<>();
    private final Lock lock = new ReentrantLock();
    private final Eviction eviction;
    private final Marks marks = new Marks();
    private final Budget all;
    private final Budget gathering;
    private final LongAdder stored = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder entries = new LongAdder();

    Shelf(long mostBytes) {
        this.all = new Budget(mostBytes);
        this.gathering = new Budget(mostBytes / GATHERING_PART);
        this.eviction = new Eviction(mostBytes);
    }

    Variants find(CacheKey key) {
        Variants found = kept.get(key);
        return found == null ? Variants.NONE : found;
    }

    /** Takes bytes for what is being gathered; others may have to go. */
    boolean take(long bytes, long nowMillis) {
        if (!gathering.take(bytes)) {
            return false;
        }
        while (!all.take(bytes)) {
            if (!evictOne(nowMillis)) {
                gathering.give(bytes);
                return false;
            }
        }
        return true;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        gathering.give(bytes);
        all.give(bytes);
    }

    private boolean evictOne(long nowMillis) {
        lock.lock();
        try {
            Optional<Kept> gone = eviction.evict(nowMillis);
            gone.ifPresent(
                    it -> {
                        takeOut(it);
                        evicted.increment();
                    });
            return gone.isPresent();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps what was gathered, in the stead of all that its request could have got; unless one of
     * these is newer and fresh, or it was taken away meanwhile.
     *
     * @param taken the bytes that were taken for it: at least its cost. They are given back, or
     *     belong to what is kept from now on
     */
    void keep(Kept one, HeaderView request, long requestedMillis, long taken) {
        locked(
                () -> {
                    List<Kept> matching = find(one.key).matching(request);
                    if (isNewest(one, matching) && marks.isCurrent(one.key, requestedMillis)) {
                        put(one, matching);
                        gathering.give(taken);
                        all.give(taken - one.cost);
                    } else {
                        give(taken);
                    }
                });
    }

    private static boolean isNewest(Kept one, List<Kept> others) {
        return others.stream()
                .noneMatch(
                        old ->
                                old.freshness.isFresh(one.freshness.answered())
                                        && old.freshness.isNewerThan(one.freshness));
    }

    private void put(Kept one, List<Kept> inSteadOf) {
        boolean takesPlace = !inSteadOf.isEmpty();
        if (takesPlace) {
            eviction.replace(inSteadOf.getFirst(), one);
            inSteadOf.stream().skip(1).forEach(eviction::remove);
        } else {
            find(one.key).surplus().ifPresent(this::remove);
            eviction.add(one);
        }
        kept.put(one.key, find(one.key).with(one, inSteadOf));
        inSteadOf.forEach(old -> all.give(old.cost));
        stored.increment();
        entries.add(1L - inSteadOf.size());
    }

    /** Takes out of the map what is in no queue any more. */
    private void takeOut(Kept one) {
        Variants left = find(one.key).without(one);
        if (left.all().isEmpty()) {
            kept.remove(one.key);
        } else {
            kept.put(one.key, left);
        }
        entries.decrement();
        all.give(one.cost);
    }

    private void remove(Kept one) {
        eviction.remove(one);
        takeOut(one);
    }

    /** Lets go what this request could have got, if it is no longer fresh. */
    void dropStale(CacheKey key, HeaderView request, long nowMillis) {
        if (find(key).all().isEmpty()) {
            return;
        }
        locked(
                () ->
                        find(key).matching(request).stream()
                                .filter(old -> !old.freshness.isFresh(nowMillis))
                                .forEach(this::remove));
    }

    /** Lets go all of an address, and whatever was asked for up to now. */
    void dropAddress(CacheKey key, long nowMillis) {
        locked(
                () -> {
                    marks.mark(key, nowMillis);
                    find(key).all().forEach(this::remove);
                });
    }

    /**
     * The same of all addresses of a space. Who puts something in looks at the marks under the same
     * lock: so it did before, and what it put in is found here, or it sees the mark.
     */
    void dropSpace(String space, long nowMillis) {
        locked(() -> marks.markSpace(space, nowMillis));
        for (CacheKey key : kept.keySet()) {
            if (key.space().equals(space)) {
                dropKept(key);
            }
        }
    }

    /** The same of all. */
    void dropAll(long nowMillis) {
        locked(() -> marks.markAll(nowMillis));
        kept.keySet().forEach(this::dropKept);
    }

    private void dropKept(CacheKey key) {
        locked(() -> find(key).all().forEach(this::remove));
    }

    CacheCounts counts(long hits, long stale, long misses) {
        return new CacheCounts(
                hits, stale, misses, stored.sum(), evicted.sum(), all.taken(), entries.sum());
    }
}
