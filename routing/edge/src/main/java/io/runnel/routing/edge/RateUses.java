package io.runnel.routing.edge;

import io.runnel.routing.catalog.CallRate;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What is used of rates at one node, for each who is held to one. Safe for any thread; never
 * blocks.
 *
 * @param <K> who
 */
final class RateUses<K> {
    /** From then on those are forgotten, now and then, of which nothing is used. */
    private static final int MANY = 10_000;

    private final LongSupplier nanoClock;
    private final Map<K, RateUse> uses = new ConcurrentHashMap<>();
    private volatile int forgetAt = MANY;

    RateUses(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Begins a call, or says after what time one may begin. */
    Optional<Duration> tryBegin(K who, CallRate rate) {
        long nowNanos = nanoClock.getAsLong();
        if (uses.size() >= forgetAt) {
            uses.values().removeIf(use -> use.isIdle(nowNanos));
            forgetAt = Math.max(MANY, 2 * uses.size());
        }
        return uses.computeIfAbsent(who, none -> new RateUse(nowNanos)).tryBegin(rate, nowNanos);
    }
}
