package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.body;
import static io.runnel.routing.cache.CacheFixture.get;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class FresheningTest {
    private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

    private final CacheFixture at = new CacheFixture();
    private StoredAnswer stale;

    @BeforeEach
    void somethingIsStale() {
        at.answer(
                "/a",
                "body",
                "Cache-Control: max-age=10",
                "ETag: \"1\"",
                "Last-Modified: " + MODIFIED,
                "Content-Type: text/plain",
                "Content-Length: 4",
                "X-A: old",
                "X-B: old",
                "Age: 1");
        at.pass(10);
        stale = at.stale("/a").answer();
    }

    private Optional<StoredAnswer> freshen(String... headers) {
        return at.cache.freshen(
                get("/a"), at.policy, stale, Headers.of(headers).lines(), at.now, at.now);
    }

    @Test
    void itIsFreshAgainWithWhatIsNewInItsHeaders() {
        StoredAnswer given =
                freshen(
                                "ETag: \"1\"",
                                "x-a: new",
                                "x-a: newer",
                                "Content-Type: text/html",
                                "Content-Length: 0",
                                "Connection: close")
                        .orElseThrow();
        Lookup.Fresh fresh = at.fresh("/a");
        assertEquals(Duration.ZERO, fresh.age());
        assertEquals("body", body(fresh.answer()));
        assertSame(stale.sharedBody(), fresh.answer().sharedBody());
        List<String> expected =
                List.of(
                        "ETag: \"1\"",
                        "x-a: new",
                        "x-a: newer",
                        "Cache-Control: max-age=10",
                        "Last-Modified: " + MODIFIED,
                        "Content-Type: text/plain",
                        "Content-Length: 4",
                        "X-B: old",
                        "Date: " + HttpDate.format(at.now));
        assertEquals(Headers.of(expected.toArray(new String[0])).lines(), given.headers());
        assertEquals(given.headers(), fresh.answer().headers());
        assertEquals(1, at.cache.counts().entries());
    }

    @Test
    void anotherOnesConfirmationIsNone() {
        assertEquals(Optional.empty(), freshen("ETag: \"2\""));
        assertEquals(Optional.empty(), freshen("ETag: broken"));
        assertEquals(Optional.empty(), freshen("Last-Modified: " + HttpDate.format(0)));
        assertTrue(freshen("ETag: W/\"1\"").isPresent());
        assertTrue(freshen("Last-Modified: " + MODIFIED).isPresent());
        assertTrue(freshen().isPresent());
    }

    @Test
    void whatMayNoLongerBeKeptIsGivenOnce() {
        assertEquals("body", body(freshen("Cache-Control: no-store").orElseThrow()));
        assertEquals(new Lookup.Miss(Forward.URI_MISS), at.lookup("/a"));
        assertEquals(0, at.cache.counts().bytes());
    }
}
