package io.runnel.routing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.routing.cache.CachePolicy;
import io.runnel.routing.cache.CacheRequest;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.cache.Keeping;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class CacheMetersTest {
    private static final CachePolicy POLICY =
            new CachePolicy(
                    Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30), false);

    private final HttpCache cache = new HttpCache(1 << 14, 1 << 11);

    private static CacheRequest get(String target) {
        return new CacheRequest(
                "api", "GET", "https", "example.com", target, name -> List.of(), false, false);
    }

    private void keep(String target) {
        Keeping keeping = cache.offer(get(target), POLICY, 200, List.of(), 0, 0).orElseThrow();
        assertTrue(keeping.add(new byte[1_000]));
        keeping.finish();
    }

    private void lookUp(int times, String target, long nowMillis) {
        for (int i = 0; i < times; i++) {
            var unused = cache.lookup(get(target), POLICY, nowMillis);
        }
    }

    private static Map<String, Double> shown(NodeMeters meters) {
        return meters.document("/metrics")
                .orElseThrow()
                .bytes()
                .toString(UTF_8)
                .lines()
                .filter(line -> line.startsWith("runnel_cache_"))
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Double.valueOf(parts[1])));
    }

    @Test
    void whatACacheDidAndHoldsIsReadWhenSomebodyAsks() {
        try (NodeMeters meters = new NodeMeters()) {
            CacheMeters.register(meters, cache);
            assertEquals(0, shown(meters).get("runnel_cache_entries"));
            for (int i = 0; i < 30; i++) {
                keep("/" + i);
            }
            lookUp(4, "/29", 1_000);
            lookUp(2, "/29", 20_000);
            lookUp(3, "/none", 0);
            var counts = cache.counts();
            assertEquals(
                    List.of(4L, 2L, 3L), List.of(counts.hits(), counts.stale(), counts.misses()));
            assertEquals(30 - counts.evicted(), counts.entries());
            assertEquals(
                    Map.of(
                            "runnel_cache_hits_total",
                            4.0,
                            "runnel_cache_stale_total",
                            2.0,
                            "runnel_cache_misses_total",
                            3.0,
                            "runnel_cache_stored_total",
                            30.0,
                            "runnel_cache_evicted_total",
                            (double) counts.evicted(),
                            "runnel_cache_bytes",
                            (double) counts.bytes(),
                            "runnel_cache_entries",
                            (double) counts.entries()),
                    shown(meters));
        }
    }
}
