package io.runnel.routing.journal;

import io.runnel.routing.cache.CacheCounts;
import io.runnel.routing.cache.HttpCache;

import java.util.function.ToDoubleFunction;

/** What a node measures of the answers that it keeps. */
public final class CacheMeters {
    private CacheMeters() {}

    /** Measures this from now on. */
    public static void register(NodeMeters meters, HttpCache cache) {
        counter(meters, cache, "hits", "Calls answered by what is fresh", CacheCounts::hits);
        counter(meters, cache, "stale", "Calls that found what is stale", CacheCounts::stale);
        counter(meters, cache, "misses", "Calls that found nothing kept", CacheCounts::misses);
        counter(meters, cache, "stored", "Answers that were kept", CacheCounts::stored);
        counter(meters, cache, "evicted", "Answers that made room", CacheCounts::evicted);
        gauge(meters, cache, "bytes", "What all that is kept takes", CacheCounts::bytes);
        gauge(meters, cache, "entries", "Answers that are kept", CacheCounts::entries);
    }

    private static void counter(
            NodeMeters meters,
            HttpCache cache,
            String name,
            String what,
            ToDoubleFunction<CacheCounts> value) {
        meters.counter(
                "runnel.cache." + name, what, cache, each -> value.applyAsDouble(each.counts()));
    }

    private static void gauge(
            NodeMeters meters,
            HttpCache cache,
            String name,
            String what,
            ToDoubleFunction<CacheCounts> value) {
        meters.gauge(
                "runnel.cache." + name, what, cache, each -> value.applyAsDouble(each.counts()));
    }
}
