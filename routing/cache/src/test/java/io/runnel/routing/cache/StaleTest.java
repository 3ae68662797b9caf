package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.body;
import static io.runnel.routing.cache.CacheFixture.get;
import static io.runnel.routing.cache.CacheFixture.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class StaleTest {
    private final CacheFixture at = new CacheFixture();

    @Test
    void aStaleAnswerIsGivenForAsLongAsItSays() {
        at.answer(
                "/a", "x", "Cache-Control: max-age=10, stale-while-revalidate=5, stale-if-error=8");
        at.pass(10);
        Lookup.Stale stale = at.stale("/a");
        assertEquals("x", body(stale.answer()));
        assertEquals(Duration.ofSeconds(10), stale.age());
        assertEquals(Duration.ZERO, stale.ttl());
        assertTrue(stale.whileRevalidating());
        assertEquals(Optional.of(Duration.ofSeconds(8)), stale.ifError());
        at.now += 4_999;
        assertTrue(at.stale("/a").whileRevalidating());
        at.now++;
        stale = at.stale("/a");
        assertFalse(stale.whileRevalidating());
        assertEquals(Optional.of(Duration.ofSeconds(3)), stale.ifError());
        assertEquals(Duration.ofSeconds(-5), stale.ttl());
        at.pass(3);
        assertEquals(new Lookup.Miss(Forward.STALE), at.lookup("/a"));
    }

    @Test
    void whatTheAnswerSaysWinsOverTheOwnerItemByItem() {
        at.policy = policy(60, 60, 60);
        at.answer("/a", "x", "Cache-Control: max-age=10, stale-while-revalidate=0");
        at.pass(10);
        Lookup.Stale stale = at.stale("/a");
        assertFalse(stale.whileRevalidating());
        assertEquals(Optional.of(Duration.ofSeconds(60)), stale.ifError());
        at.answer("/b", "x");
        at.pass(60);
        assertTrue(at.stale("/b").whileRevalidating());
    }

    @Test
    void whatForbidsItIsNeverGivenStale() {
        at.policy = policy(10, 60, 60);
        for (String forbidding :
                List.of(
                        "must-revalidate",
                        "proxy-revalidate",
                        "s-maxage=10",
                        "s-maxage=10, stale-while-revalidate=60, stale-if-error=60",
                        "must-revalidate, max-age=10, stale-while-revalidate=60")) {
            assertTrue(
                    at.answer("/a", "x", "Cache-Control: " + forbidding, "ETag: \"1\""),
                    forbidding);
            at.fresh("/a");
            at.pass(10);
            Lookup.Stale stale = at.stale("/a", "Cache-Control: max-stale");
            assertFalse(stale.whileRevalidating(), forbidding);
            assertEquals(Optional.empty(), stale.ifError(), forbidding);
        }
    }

    @Test
    void whoTakesStaleOnesGetsThem() {
        at.answer("/a", "x", "Cache-Control: max-age=10", "ETag: \"1\"");
        at.pass(15);
        assertTrue(at.stale("/a", "Cache-Control: max-stale").whileRevalidating());
        assertTrue(at.stale("/a", "Cache-Control: max-stale=5").whileRevalidating());
        assertFalse(at.stale("/a", "Cache-Control: max-stale=4").whileRevalidating());
        assertFalse(at.stale("/a", "Cache-Control: max-stale=x").whileRevalidating());
        assertFalse(at.stale("/a", "Cache-Control: max-stale, max-age=14").whileRevalidating());
        assertFalse(at.stale("/a", "Cache-Control: max-stale, min-fresh=0").whileRevalidating());
    }

    @Test
    void whoSaysHowOldItMayBeTakesNoStaleOnes() {
        at.policy = policy(10, 60, 60);
        at.answer("/a", "x");
        at.pass(15);
        assertTrue(at.stale("/a").whileRevalidating());
        assertFalse(at.stale("/a", "Cache-Control: max-age=100").whileRevalidating());
        assertFalse(at.stale("/a", "Cache-Control: min-fresh=1").whileRevalidating());
        assertEquals(
                Optional.of(Duration.ofSeconds(55)),
                at.stale("/a", "Cache-Control: max-age=100").ifError());
    }

    @Test
    void onlyOneRevalidatesWithinTenSeconds() {
        at.policy = policy(10, 60, 60);
        at.answer("/a", "x");
        at.pass(10);
        assertTrue(at.stale("/a").yours());
        assertFalse(at.stale("/a").yours());
        at.now += 9_999;
        assertFalse(at.stale("/a").yours());
        at.now++;
        assertTrue(at.stale("/a").yours(), "who had the turn has not come back");
        assertFalse(at.stale("/a").yours());
        at.answer("/a", "y");
        assertEquals("y", body(at.fresh("/a").answer()));
        at.pass(10);
        assertTrue(at.stale("/a").yours(), "a new answer, a new turn");
    }

    @Test
    void anAnswerThatMayNotBeKeptTakesAwayTheStaleOneButNotTheFresh() {
        at.policy = policy(10, 60, 60);
        at.answer("/a", "x");
        assertFalse(at.answer("/a", "y", "Cache-Control: no-store"));
        at.fresh("/a");
        at.pass(10);
        assertFalse(at.answer(get("/a"), 503, "y"));
        assertFalse(at.answer(get("/a"), 304, ""));
        assertFalse(at.answer(get("/a"), 206, ""));
        at.stale("/a");
        assertFalse(at.answer("/a", "y", "Cache-Control: private"));
        assertEquals(new Lookup.Miss(Forward.URI_MISS), at.lookup("/a"));
        assertEquals(0, at.cache.counts().bytes());
    }

    @Test
    void ofNoUseIsWhatIsStaleForEverybody() {
        at.answer("/a", "x", "Cache-Control: max-age=10");
        at.pass(10);
        assertEquals(new Lookup.Miss(Forward.STALE), at.lookup("/a"));
    }

    @Test
    void anOlderAnswerDoesNotReplaceANewerOne() {
        Keeping slow = at.offer(get("/a"), 200, "Cache-Control: max-age=10").orElseThrow();
        at.now += 10;
        at.answer("/a", "newer", "Cache-Control: max-age=10");
        slow.add(new byte[] {'o'});
        slow.finish();
        assertEquals("newer", body(at.fresh("/a").answer()));
        at.pass(1);
        String old = "Date: " + HttpDate.format(at.now - 5000);
        at.answer("/a", "old by its date", "Cache-Control: max-age=10", old);
        assertEquals("newer", body(at.fresh("/a").answer()));
        at.pass(10);
        at.answer("/a", "better than a stale one", "Cache-Control: max-age=60", old);
        assertEquals("better than a stale one", body(at.fresh("/a").answer()));
    }

    @Test
    void aDateThatIsAheadDoesNotKeepOthersOut() {
        at.answer(
                "/a",
                "x",
                "Cache-Control: max-age=10",
                "Date: " + HttpDate.format(at.now + 99_999));
        at.pass(1);
        at.answer("/a", "y", "Cache-Control: max-age=10");
        assertEquals("y", body(at.fresh("/a").answer()));
    }
}
