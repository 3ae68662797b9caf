package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.get;
import static io.runnel.routing.cache.CacheFixture.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class InvalidationTest {
    private static final String HOUR = "Cache-Control: max-age=3600";
    private static final Lookup MISS = new Lookup.Miss(Forward.URI_MISS);

    private final CacheFixture at = new CacheFixture();

    private static CacheRequest of(String space, String target, boolean authenticated) {
        return new CacheRequest(
                space, "GET", "https", "example.com", target, Headers.NONE, authenticated, false);
    }

    @Test
    void whatWasChangedIsKeptNoLongerWhoeverAsked() {
        at.policy = new CachePolicy(Duration.ZERO, Duration.ZERO, Duration.ZERO, true);
        at.answer(get("/a", "X: 1"), 200, "x", HOUR, "Vary: x");
        at.answer(get("/a", "X: 2"), 200, "x", HOUR, "Vary: x");
        at.answer(of("api", "/a", true), 200, "x", HOUR);
        at.answer("/b", "x", HOUR);
        at.cache.invalidate(request("POST", "/a"), at.now);
        assertEquals(MISS, at.lookup("/a", "X: 1"));
        assertEquals(MISS, at.lookup("/a", "X: 2"));
        assertEquals(MISS, at.lookup(of("api", "/a", true)));
        at.fresh("/b");
        assertEquals(1, at.cache.counts().entries());
    }

    @Test
    void whatWasAskedForBeforeIsNotKeptWhenItComes() {
        Keeping gathering = at.offer(get("/a"), 200, HOUR).orElseThrow();
        at.now++;
        at.cache.invalidate(request("DELETE", "/a"), at.now);
        gathering.finish();
        assertEquals(MISS, at.lookup("/a"));
        long asked = at.now;
        at.now++;
        at.cache
                .offer(get("/a"), at.policy, 200, Headers.of(HOUR).lines(), asked, at.now)
                .ifPresent(Keeping::finish);
        assertEquals(MISS, at.lookup("/a"), "asked at the very millisecond");
        assertEquals(0, at.cache.counts().bytes());
        at.answer("/a", "x", HOUR);
        at.fresh("/a");
    }

    @Test
    void aSpaceIsForgottenAndWhatIsOnItsWayToIt() {
        at.answer(of("one", "/a", false), 200, "x", HOUR);
        at.answer(of("one", "/b", false), 200, "x", HOUR);
        at.answer(of("two", "/a", false), 200, "x", HOUR);
        Keeping gathering = at.offer(of("one", "/c", false), 200, HOUR).orElseThrow();
        at.cache.forget("one", at.now);
        gathering.finish();
        assertEquals(MISS, at.lookup(of("one", "/a", false)));
        assertEquals(MISS, at.lookup(of("one", "/b", false)));
        assertEquals(MISS, at.lookup(of("one", "/c", false)));
        at.fresh(of("two", "/a", false));
        at.now++;
        at.answer(of("one", "/a", false), 200, "x", HOUR);
        at.fresh(of("one", "/a", false));
    }

    @Test
    void allIsForgotten() {
        at.answer("/a", "x", HOUR);
        Keeping gathering = at.offer(get("/b"), 200, HOUR).orElseThrow();
        at.cache.clear(at.now);
        gathering.finish();
        assertEquals(MISS, at.lookup("/a"));
        assertEquals(MISS, at.lookup("/b"));
        assertEquals(0, at.cache.counts().bytes());
        assertEquals(0, at.cache.counts().entries());
    }

    @Test
    void keysOfOneHashAreToldApart() {
        at.answer("/Aa", "x", HOUR);
        assertEquals(MISS, at.lookup("/BB"));
        at.cache.invalidate(request("POST", "/BB"), at.now);
        at.fresh("/Aa");
        at.answer(of("Aa", "/a", false), 200, "x", HOUR);
        assertEquals(MISS, at.lookup(of("BB", "/a", false)));
    }
}
