package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.body;
import static io.runnel.routing.cache.CacheFixture.get;
import static io.runnel.routing.cache.CacheFixture.policy;
import static io.runnel.routing.cache.CacheFixture.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.List;

/** What is asked, kept and given; how long it is good is {@code FreshnessTest}'s. */
final class HttpCacheTest {
    private static final String HOUR = "Cache-Control: max-age=3600";

    private final CacheFixture at = new CacheFixture();

    private static Lookup.Miss miss(Forward why) {
        return new Lookup.Miss(why);
    }

    private static Lookup.Bypass bypass(Forward why) {
        return new Lookup.Bypass(why);
    }

    @Test
    void theNextWhoAsksTheSameGetsTheSame() {
        assertEquals(miss(Forward.URI_MISS), at.lookup("/a?x=1"));
        assertTrue(at.answer("/a?x=1", "hello", HOUR, "Content-Type: text/plain", "X-Y: z"));
        at.pass(10);
        Lookup.Fresh fresh = at.fresh("/a?x=1");
        assertEquals("hello", body(fresh.answer()));
        assertEquals(200, fresh.answer().status());
        assertEquals(Duration.ofSeconds(10), fresh.age());
        assertEquals(Duration.ofSeconds(3590), fresh.ttl());
        assertEquals(
                Headers.of(
                                HOUR,
                                "Content-Type: text/plain",
                                "X-Y: z",
                                "Date: " + HttpDate.format(CacheFixture.START))
                        .lines(),
                fresh.answer().headers());
        assertEquals(miss(Forward.URI_MISS), at.lookup("/a?x=2"));
        assertEquals(miss(Forward.URI_MISS), at.lookup("/A?x=1"));
    }

    @Test
    void aBodyInPartsIsOne() {
        Keeping keeping = at.offer(get("/a"), 200, HOUR).orElseThrow();
        byte[] only = {'c'};
        assertTrue(keeping.add(new byte[] {'a', 'b'}));
        assertTrue(keeping.add(new byte[0]));
        assertTrue(keeping.add(only));
        assertEquals(miss(Forward.URI_MISS), at.lookup("/a"));
        keeping.finish();
        assertEquals("abc", body(at.fresh("/a").answer()));
        keeping.finish();
        keeping.giveUp();
        assertFalse(keeping.add(only));
        assertEquals("abc", body(at.fresh("/a").answer()));
        assertEquals(1, at.cache.counts().stored());
    }

    @Test
    void aBodyIsSharedAndNotToBeWrittenTo() {
        byte[] part = {'a'};
        Keeping keeping = at.offer(get("/a"), 200, HOUR).orElseThrow();
        keeping.add(part);
        keeping.finish();
        StoredAnswer answer = at.fresh("/a").answer();
        assertSame(part, answer.sharedBody());
        assertThrows(ReadOnlyBufferException.class, () -> answer.body().put(0, (byte) 'x'));
        assertThrows(UnsupportedOperationException.class, () -> answer.headers().clear());
    }

    @Test
    void anEmptyBodyIsOneToo() {
        at.answer(get("/a"), 204, "", HOUR);
        assertEquals(0, at.fresh("/a").answer().length());
    }

    @Test
    void whatIsGivenUpIsNotKeptAndCostsNothing() {
        Keeping keeping = at.offer(get("/a"), 200, HOUR).orElseThrow();
        keeping.add(new byte[100]);
        assertTrue(at.cache.counts().bytes() > 100);
        keeping.giveUp();
        keeping.finish();
        assertEquals(0, at.cache.counts().bytes());
        assertEquals(miss(Forward.URI_MISS), at.lookup("/a"));
    }

    @Test
    void whatIsShorterOrLongerThanItSaidIsNotKept() {
        assertTrue(at.answer("/a", "1234", HOUR, "Content-Length: 5"));
        assertTrue(at.answer("/a", "123456", HOUR, "Content-Length: 5"));
        assertEquals(miss(Forward.URI_MISS), at.lookup("/a"));
        Keeping keeping = at.offer(get("/a"), 200, HOUR, "Content-Length: 5").orElseThrow();
        assertTrue(keeping.add(new byte[5]));
        assertFalse(keeping.add(new byte[1]), "given up at once");
        assertEquals(0, at.cache.counts().bytes());
        for (String wrong : List.of("x", "-1", "", "5, 5")) {
            assertFalse(at.answer("/a", "12345", HOUR, "Content-Length: " + wrong), wrong);
        }
        assertFalse(at.answer("/a", "12345", HOUR, "Content-Length: 5", "Content-Length: 5"));
        assertTrue(at.answer("/a", "12345", HOUR, "Content-Length: 5"));
        assertEquals("12345", body(at.fresh("/a").answer()));
    }

    @Test
    void whatIsTooLargeIsNotKept() {
        CacheFixture small = new CacheFixture(1 << 20, 1 << 14);
        assertFalse(small.answer("/a", "", HOUR, "Content-Length: 16384"));
        assertFalse(small.answer("/a", "", HOUR, "X: " + "x".repeat(16_384)));
        assertFalse(small.answer("/a", "", HOUR, "Content-Length: 99999999999999999999"));
        Keeping keeping = small.offer(get("/a"), 200, HOUR).orElseThrow();
        assertTrue(keeping.add(new byte[8192]));
        assertFalse(keeping.add(new byte[8192]));
        assertFalse(keeping.add(new byte[1]));
        keeping.finish();
        assertEquals(miss(Forward.URI_MISS), small.lookup("/a"));
        assertEquals(0, small.cache.counts().bytes());
    }

    @Test
    void spacesSchemesAndHostsAreKeptApart() {
        at.answer("/a", "x", HOUR);
        Headers none = Headers.NONE;
        for (CacheRequest other :
                List.of(
                        new CacheRequest(
                                "api2", "GET", "https", "example.com", "/a", none, false, false),
                        new CacheRequest(
                                "api", "GET", "http", "example.com", "/a", none, false, false),
                        new CacheRequest(
                                "api", "GET", "https", "example.org", "/a", none, false, false),
                        new CacheRequest(
                                "api",
                                "GET",
                                "https",
                                "example.com:8443",
                                "/a",
                                none,
                                false,
                                false))) {
            assertEquals(miss(Forward.URI_MISS), at.lookup(other));
        }
        for (String authority : List.of("EXAMPLE.com", "example.com:443")) {
            at.fresh(new CacheRequest("api", "GET", "HTTPS", authority, "/a", none, false, false));
        }
    }

    @Test
    void otherMethodsAndBodiesBypass() {
        at.answer("/a", "x", HOUR);
        for (String method : List.of("POST", "PUT", "OPTIONS", "get", "")) {
            CacheRequest request = request(method, "/a");
            assertEquals(bypass(Forward.METHOD), at.lookup(request), method);
            assertFalse(at.answer(request, 200, "y", HOUR), method);
        }
        CacheRequest withBody =
                new CacheRequest(
                        "api", "GET", "https", "example.com", "/a", Headers.NONE, false, true);
        assertEquals(bypass(Forward.BYPASS), at.lookup(withBody));
        assertFalse(at.answer(withBody, 200, "y", HOUR));
        assertEquals("x", body(at.fresh("/a").answer()));
    }

    @Test
    void headIsAnsweredByWhatGetGotAndKeepsNothing() {
        assertEquals(bypass(Forward.URI_MISS), at.lookup(request("HEAD", "/a")));
        assertFalse(at.answer(request("HEAD", "/a"), 200, "", HOUR));
        at.answer("/a", "x", HOUR, "ETag: \"1\"");
        assertEquals("x", body(at.fresh(request("HEAD", "/a")).answer()));
        at.pass(3600);
        assertEquals(bypass(Forward.STALE), at.lookup(request("HEAD", "/a")));
        assertTrue(at.stale("/a").yours(), "no HEAD has taken the turn");
    }

    @Test
    void partsBypass() {
        at.answer("/a", "x", HOUR);
        assertEquals(bypass(Forward.BYPASS), at.lookup("/a", "Range: bytes=0-1"));
        assertFalse(at.answer(get("/b", "Range: bytes=0-1"), 200, "y", HOUR));
        assertFalse(at.answer(get("/b"), 206, "y", HOUR));
        assertFalse(at.answer(get("/b"), 200, "y", HOUR, "Content-Range: bytes 0-1/2"));
    }

    @Test
    void longAddressesBypass() {
        String most = "/" + "x".repeat(Asked.MOST_CHARACTERS - "/example.com".length());
        assertTrue(at.answer(most, "x", HOUR));
        assertEquals(bypass(Forward.BYPASS), at.lookup(most + "x"));
        assertFalse(at.answer(most + "x", "x", HOUR));
    }

    private static CacheRequest authenticated(String target) {
        return new CacheRequest(
                "api", "GET", "https", "example.com", target, Headers.NONE, true, false);
    }

    @Test
    void whoProvedWhoItIsBypassesUnlessTheOwnerSaysOtherwise() {
        at.answer("/a", "anybody's", "Cache-Control: public, s-maxage=60");
        for (CacheRequest request :
                List.of(authenticated("/a"), get("/a", "Authorization: Basic eDp5"))) {
            at.policy = CachePolicy.AS_ANSWERED;
            assertEquals(bypass(Forward.BYPASS), at.lookup(request));
            assertFalse(at.answer(request, 200, "x", "Cache-Control: public, s-maxage=60"));
            at.policy = new CachePolicy(Duration.ZERO, Duration.ZERO, Duration.ZERO, true);
            assertEquals("anybody's", body(at.fresh("/a").answer()));
        }
        assertEquals(miss(Forward.URI_MISS), at.lookup(authenticated("/a")));
        assertTrue(at.answer(authenticated("/a"), 200, "for members", HOUR));
        assertEquals("for members", body(at.fresh(authenticated("/a")).answer()));
        assertEquals(
                "for members", body(at.fresh(get("/a", "Authorization: Basic eDp5")).answer()));
        assertEquals("anybody's", body(at.fresh("/a").answer()), "apart from what others get");
    }

    @Test
    void whatIsForbiddenIsNotKept() {
        at.policy = policy(60, 60, 60);
        for (String forbidden :
                List.of(
                        "Cache-Control: no-store, max-age=60",
                        "Cache-Control: private, max-age=60",
                        "Cache-Control: private=\"x\", max-age=60",
                        "Cache-Control: max-age=60, \"",
                        "Set-Cookie: a=b",
                        "Vary: *",
                        "Vary: accept, *",
                        "Vary: a b",
                        "Vary: a, b, c, d, e, f, g, h, i",
                        "Cache-Control: public, max-age=60, no-store")) {
            assertFalse(at.answer("/a", "x", forbidden), forbidden);
            assertFalse(at.answer("/a", "x", "Cache-Control: public", forbidden), forbidden);
        }
        assertTrue(at.answer("/a", "x"));
    }

    @Test
    void mustUnderstandOverridesNoStoreWhereTheStatusIsUnderstood() {
        String both = "Cache-Control: must-understand, no-store, max-age=60";
        assertTrue(at.answer("/a", "x", both));
        at.fresh("/a");
        assertFalse(at.answer(get("/b"), 299, "x", both));
        assertFalse(at.answer(get("/b"), 299, "x", "Cache-Control: must-understand, max-age=60"));
    }

    @Test
    void statusesAreKeptAsTheOwnerSaysOrAsTheyThemselvesSayOrNever() {
        for (int status = 100; status < 600; status++) {
            boolean common = List.of(200, 203, 204, 300, 301, 308, 404, 410).contains(status);
            boolean ifSaid = common || List.of(302, 303, 307, 405, 414).contains(status);
            at.policy = policy(60, 60, 60);
            assertEquals(common, at.answer(get("/by-owner"), status, ""), "owner: " + status);
            at.policy = CachePolicy.AS_ANSWERED;
            assertEquals(ifSaid, at.answer(get("/said"), status, "", HOUR), "said: " + status);
        }
    }

    @Test
    void whatSaysNothingIsNotKeptIfTheOwnerSaysNothing() {
        assertFalse(at.answer("/a", "x"));
        assertFalse(at.answer("/a", "x", "ETag: \"1\"", "Last-Modified: " + HttpDate.format(0)));
        assertFalse(at.answer("/a", "x", "Cache-Control: public"));
        assertFalse(at.answer("/a", "x", "Cache-Control: max-age=0"));
        assertTrue(at.answer("/a", "x", "Cache-Control: max-age=0", "ETag: \"1\""));
        assertTrue(at.answer("/a", "x", "Cache-Control: no-cache", "ETag: \"1\""));
    }

    @Test
    void whatBelongsToAConnectionIsNotKept() {
        at.answer(
                get("/a"),
                200,
                "x",
                HOUR,
                "Connection: close, X-Hop",
                "x-hop: 1",
                "Keep-Alive: 5",
                "Transfer-Encoding: chunked",
                "TE: trailers",
                "Trailer: x",
                "Upgrade: h2c",
                "Proxy-Connection: close",
                "Proxy-Authenticate: x",
                "Proxy-Authentication-Info: x",
                "Proxy-Authorization: x",
                "Age: 5",
                "CACHE-STATUS: other; hit",
                "Date: Sun, 06 Nov 1994 08:49:37 UTC",
                "X-End: 1");
        assertEquals(
                Headers.of(HOUR, "X-End: 1", "Date: " + HttpDate.format(at.now)).lines(),
                at.fresh("/a").answer().headers());
    }

    @Test
    void itIsCounted() {
        at.policy = policy(10, 10, 0);
        at.lookup("/a");
        at.answer("/a", "x");
        at.lookup("/a");
        at.lookup("/a");
        at.lookup(request("POST", "/a"));
        at.pass(15);
        at.lookup("/a");
        at.answer("/a", "y");
        CacheCounts counts = at.cache.counts();
        assertEquals(2, counts.hits());
        assertEquals(1, counts.stale());
        assertEquals(1, counts.misses());
        assertEquals(2, counts.stored());
        assertEquals(0, counts.evicted());
        assertEquals(1, counts.entries());
        assertTrue(counts.bytes() > 500, counts.toString());
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HttpCache(10, 11));
        assertThrows(IllegalArgumentException.class, () -> new HttpCache(10, 0));
        assertThrows(IllegalArgumentException.class, () -> policy(-1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> policy(0, 0, Long.MAX_VALUE / 1000));
    }
}
