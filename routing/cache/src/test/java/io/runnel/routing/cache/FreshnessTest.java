package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.get;
import static io.runnel.routing.cache.CacheFixture.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** How long an answer is good, and what requests say to it. */
final class FreshnessTest {
    private final CacheFixture at = new CacheFixture();

    private String date(long secondsFromNow) {
        return HttpDate.format(at.now + secondsFromNow * 1000);
    }

    /** How many seconds what was answered just now is fresh; negative if it is not kept. */
    private long ttl(String... headers) {
        at.cache.clear(at.now);
        at.now++;
        if (!at.answer("/a", "x", headers)) {
            return -1;
        }
        return at.lookup("/a") instanceof Lookup.Fresh fresh ? fresh.ttl().toSeconds() : 0;
    }

    @Test
    void sharedAgeWinsOverAgeAndAgeOverExpiresAndAllOverTheOwner() {
        at.policy = policy(7, 0, 0);
        String expires = "Expires: " + date(20);
        assertEquals(7, ttl());
        assertEquals(7, ttl("Cache-Control: public"));
        assertEquals(20, ttl(expires, "Date: " + date(0)));
        assertEquals(30, ttl(expires, "Cache-Control: max-age=30"));
        assertEquals(40, ttl(expires, "Cache-Control: max-age=30, s-maxage=40"));
        assertEquals(5, ttl("Cache-Control: s-maxage=5, max-age=30"));
        assertEquals(-1, ttl("Cache-Control: s-maxage=0, max-age=30"));
        assertEquals(-1, ttl("Cache-Control: max-age=soon"));
    }

    @Test
    void whatCannotBeReadHasExpired() {
        at.policy = policy(7, 0, 0);
        for (String bad : List.of("0", "-1", "", "soon", "Sun, 06 Nov 1994 08:49:37 GMT")) {
            assertEquals(-1, ttl("Expires: " + bad), bad);
        }
        assertEquals(-1, ttl("Expires: " + date(20), "Expires: 0"));
        assertEquals(10, ttl("Expires: " + date(20), "Expires: " + date(10), "Date: " + date(0)));
        assertEquals(-1, ttl("Expires: " + date(0), "Date: " + date(0)));
    }

    @Test
    void expiresCountsFromTheAnswersOwnDate() {
        assertEquals(20, ttl("Expires: " + date(30), "Date: " + date(10)), "a clock that is ahead");
        assertEquals(20, ttl("Expires: " + date(20), "Date: " + date(-10)));
    }

    @Test
    void itIsFreshWhileItsAgeIsLess() {
        at.answer("/a", "x", "Cache-Control: max-age=10");
        at.now += 9_999;
        assertEquals(Duration.ofMillis(1), at.fresh("/a").ttl());
        at.now++;
        assertEquals(new Lookup.Miss(Forward.STALE), at.lookup("/a"));
    }

    @Test
    void itIsAsOldAsItSaysOrItsDateSaysAndTheTaskTook() {
        assertEquals(Duration.ofSeconds(5), age("Age: 5"));
        assertEquals(Duration.ofSeconds(7), age("Age: 5, 7"));
        assertEquals(Duration.ofSeconds(7), age("Age: 7", "Age: 5"));
        assertEquals(Duration.ZERO, age("Age: -5"));
        assertEquals(Duration.ZERO, age("Age: x"));
        assertEquals(Duration.ofSeconds(9), age("Age: 5", "Date: " + date(-9)));
        assertEquals(Duration.ofSeconds(12), age("Age: 12", "Date: " + date(-9)));
        assertEquals(Duration.ZERO, age("Date: " + date(60)));
        assertEquals(Duration.ofSeconds(9), age("Date: " + date(-9), "Date: " + date(-3)));
        assertFalse(at.answer("/a", "x", "Cache-Control: max-age=100", "Age: 100"));
    }

    private Duration age(String... headers) {
        at.cache.clear(at.now);
        at.pass(1);
        String[] all = new String[headers.length + 1];
        System.arraycopy(headers, 0, all, 1, headers.length);
        all[0] = "Cache-Control: max-age=100";
        for (int i = 1; i < all.length; i++) {
            // The clock has moved by one second since the dates were made.
            all[i] = all[i].startsWith("Date: ") ? later(all[i]) : all[i];
        }
        assertTrue(at.answer("/a", "x", all));
        return at.fresh("/a").age();
    }

    private String later(String date) {
        long was = HttpDate.parse(date.substring("Date: ".length()), at.now).orElseThrow();
        return "Date: " + HttpDate.format(was + 1000);
    }

    @Test
    void whatTheTaskTookCountsAsAge() {
        Headers headers = Headers.of("Cache-Control: max-age=100", "Age: 5");
        at.cache
                .offer(get("/a"), at.policy, 200, headers.lines(), at.now - 3000, at.now)
                .orElseThrow()
                .finish();
        assertEquals(Duration.ofSeconds(8), at.fresh("/a").age());
    }

    @Test
    void aClockThatIsSetBackMakesNothingYounger() {
        at.answer("/a", "x", "Cache-Control: max-age=100", "Age: 5");
        at.pass(-1000);
        assertEquals(Duration.ofSeconds(5), at.fresh("/a").age());
    }

    @Test
    void whatHasToBeAskedForEachTimeIsNeverFresh() {
        at.policy = policy(60, 60, 60);
        for (String control : List.of("no-cache", "no-cache, max-age=60", "no-cache=\"X\"")) {
            assertTrue(at.answer("/a", "x", "ETag: \"1\"", "Cache-Control: " + control));
            Lookup.Stale stale = at.stale("/a");
            assertFalse(stale.whileRevalidating(), control);
            assertTrue(stale.ifError().isEmpty(), control);
            assertFalse(at.stale("/a", "Cache-Control: max-stale").whileRevalidating(), control);
            assertFalse(at.answer("/b", "x", "Cache-Control: " + control), "of no use");
        }
    }

    private Lookup after(long age, String request) {
        at.cache.clear(at.now);
        at.now++;
        at.answer("/a", "x", "Cache-Control: max-age=100");
        at.pass(age);
        return at.lookup("/a", "Cache-Control: " + request);
    }

    @Test
    void aRequestSaysHowOldOrFreshItWantsIt() {
        Lookup refused = new Lookup.Miss(Forward.REQUEST);
        assertInstanceOf(Lookup.Fresh.class, after(10, "max-age=10"));
        assertEquals(refused, after(10, "max-age=9"));
        assertEquals(refused, after(10, "max-age=x"));
        assertEquals(refused, after(1, "max-age=0"));
        assertInstanceOf(Lookup.Fresh.class, after(10, "min-fresh=90"));
        assertEquals(refused, after(10, "min-fresh=91"));
        assertEquals(refused, after(10, "min-fresh=x"));
        assertEquals(refused, after(10, "no-cache"));
        assertEquals(new Lookup.Bypass(Forward.REQUEST), after(10, "no-store"));
        assertInstanceOf(Lookup.Fresh.class, after(10, "unknown=1"));
    }

    @Test
    void whatARequestForbidsToKeepIsNotKept() {
        assertFalse(
                at.answer(
                        get("/a", "Cache-Control: no-store"),
                        200,
                        "x",
                        "Cache-Control: max-age=9"));
        assertTrue(
                at.answer(
                        get("/a", "Cache-Control: no-cache"),
                        200,
                        "x",
                        "Cache-Control: max-age=9"));
    }

    @Test
    void pragmaCountsWhereThereIsNoCacheControl() {
        at.answer("/a", "x", "Cache-Control: max-age=100");
        assertEquals(new Lookup.Miss(Forward.REQUEST), at.lookup("/a", "Pragma: no-cache"));
        at.fresh("/a", "Pragma: no-cache", "Cache-Control: max-age=50");
        at.fresh("/a", "Pragma: other");
    }

    @Test
    void whoWantsWhatIsKeptOrNothingGetsThat() {
        Lookup nothing = new Lookup.Unsatisfiable();
        assertEquals(nothing, at.lookup("/a", "Cache-Control: only-if-cached"));
        assertInstanceOf(Lookup.Fresh.class, after(10, "only-if-cached"));
        assertEquals(nothing, after(10, "only-if-cached, no-cache"));
        assertEquals(nothing, after(10, "only-if-cached, max-age=1"));
        assertEquals(nothing, after(101, "only-if-cached"));
        assertEquals(nothing, at.lookup("/a", "Cache-Control: only-if-cached", "Range: bytes=0-1"));
        at.policy = policy(10, 10, 10);
        at.answer("/b", "x");
        at.pass(15);
        assertTrue(at.stale("/b", "Cache-Control: only-if-cached").whileRevalidating());
        at.pass(5);
        assertEquals(nothing, at.lookup("/b", "Cache-Control: only-if-cached"));
        at.answer("/c", "x", "Cache-Control: no-cache", "ETag: \"1\"");
        assertEquals(nothing, at.lookup("/c", "Cache-Control: only-if-cached"));
        at.stale("/c");
    }
}
