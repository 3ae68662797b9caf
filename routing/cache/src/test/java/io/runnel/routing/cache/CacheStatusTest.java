package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.OptionalInt;

final class CacheStatusTest {
    @Test
    void itIsSaidAsTheStandardHasIt() {
        assertEquals("runnel; hit; ttl=30", CacheStatus.hit(Duration.ofMillis(30_999)));
        assertEquals("runnel; hit; ttl=-1", CacheStatus.hit(Duration.ofMillis(-1)));
        assertEquals("runnel; hit; ttl=-5", CacheStatus.hit(Duration.ofSeconds(-5)));
        assertEquals(
                "runnel; fwd=uri-miss; stored",
                CacheStatus.forwarded(Forward.URI_MISS, OptionalInt.empty(), true));
        assertEquals(
                "runnel; fwd=stale; fwd-status=304; stored",
                CacheStatus.forwarded(Forward.STALE, OptionalInt.of(304), true));
        assertEquals(
                "runnel; fwd=bypass",
                CacheStatus.forwarded(Forward.BYPASS, OptionalInt.empty(), false));
        assertEquals(
                "runnel; fwd=stale; fwd-status=503; detail=stale-if-error",
                CacheStatus.staleIfError(OptionalInt.of(503)));
        assertEquals("runnel; detail=only-if-cached", CacheStatus.unsatisfiable());
    }
}
