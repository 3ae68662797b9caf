package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.body;
import static io.runnel.routing.cache.CacheFixture.get;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class VaryTest {
    private static final String HOUR = "Cache-Control: max-age=3600";
    private static final Lookup VARY_MISS = new Lookup.Miss(Forward.VARY_MISS);

    private final CacheFixture at = new CacheFixture();

    private static String text(List<String> names, String... request) {
        return new Vary(names).textOf(Headers.of(request)).orElseThrow();
    }

    private String given(String target, String... request) {
        return body(at.fresh(target, request).answer());
    }

    @Test
    void namesAreOneSetWhateverTheirOrder() {
        assertEquals(
                Optional.of(new Vary(List.of("accept", "x-a"))),
                Vary.of(List.of("X-A, accept", "Accept,,", "")));
        assertEquals(Optional.of(Vary.NONE), Vary.of(List.of()));
        assertEquals(Optional.of(Vary.NONE), Vary.of(List.of(" , ")));
    }

    @Test
    void whatNobodyCanTellIsRefused() {
        for (String wrong : List.of("*", "a, *", "a b", "a\"", "\u00e4", "a:b", "x".repeat(5000))) {
            assertEquals(Optional.empty(), Vary.of(List.of(wrong)), wrong);
        }
        assertTrue(Vary.of(List.of("a,b,c,d,e,f,g,h")).isPresent());
        assertTrue(Vary.of(List.of("a,b,c,d,e,f,g,h,h")).isPresent());
        assertEquals(Optional.empty(), Vary.of(List.of("a,b,c,d,e,f,g,h,i")));
    }

    @Test
    void caseAndSpacesMatterOnlyWhereTheyMeanSomething() {
        List<String> encoding = List.of("accept-encoding");
        assertEquals(
                text(encoding, "Accept-Encoding: gzip, br;q=0.5"),
                text(encoding, "accept-encoding: GZIP,br; q=0.5"));
        assertEquals(
                text(encoding, "Accept-Encoding: gzip, br"),
                text(encoding, "Accept-Encoding: gzip", "Accept-Encoding: br"));
        List<String> other = List.of("x-a");
        assertEquals(text(other, "X-A: a, b"), text(other, "X-A: a", "X-A: b"));
        assertNotEquals(text(other, "X-A: a"), text(other, "X-A: A"));
        assertNotEquals(text(other, "X-A: a, b"), text(other, "X-A: a,b"));
    }

    @Test
    void whatIsMissingIsNotWhatIsEmptyAndNoValueLooksLikeTwo() {
        List<String> two = List.of("a", "b");
        assertNotEquals(text(two), text(two, "a:"));
        assertNotEquals(text(two, "a:"), text(two, "b:"));
        assertNotEquals(text(two, "a: x", "b: y"), text(two, "a: x1:y"));
        assertNotEquals(text(two, "a: -"), text(two));
        assertNotEquals(text(two, "a: 1", "b: 1:2"), text(two, "a: 11", "b: :2"));
    }

    @Test
    void eachVariantIsGivenToItsOwn() {
        at.answer(get("/a", "Accept: text/html"), 200, "html", HOUR, "Vary: Accept");
        assertEquals(VARY_MISS, at.lookup("/a", "Accept: text/plain"));
        assertEquals(VARY_MISS, at.lookup("/a"));
        at.answer(get("/a", "Accept: text/plain"), 200, "plain", HOUR, "Vary: accept");
        at.answer(get("/a"), 200, "any", HOUR, "Vary: accept");
        assertEquals("html", given("/a", "Accept: text/html"));
        assertEquals("plain", given("/a", "Accept: text/plain"));
        assertEquals("any", given("/a", "X: y"));
        assertEquals(3, at.cache.counts().entries());
    }

    @Test
    void anAnswerReplacesAllThatItsRequestCouldHaveGot() {
        at.answer(get("/a", "X: 1"), 200, "one", HOUR, "Vary: x");
        at.answer(get("/a", "X: 2"), 200, "two", HOUR, "Vary: x");
        at.pass(1);
        at.answer(get("/a", "X: 1"), 200, "any", HOUR);
        assertEquals("any", given("/a", "X: 1"));
        assertEquals("any", given("/a", "X: 3"));
        assertEquals("two", given("/a", "X: 2"), "those that vary before those that do not");
        at.pass(1);
        at.answer(get("/a", "X: 3", "Y: 3"), 200, "three", HOUR, "Vary: x, y");
        assertEquals(VARY_MISS, at.lookup("/a", "X: 1"));
        assertEquals("two", given("/a", "X: 2", "Y: 3"));
        assertEquals(2, at.cache.counts().entries());
    }

    @Test
    void ofSeveralThatFitTheNewestIsGiven() {
        at.answer(get("/a", "X: 1", "Y: 2"), 200, "by x", HOUR, "Vary: x");
        at.pass(1);
        at.answer(get("/a", "X: 2", "Y: 1"), 200, "by y", HOUR, "Vary: y");
        assertEquals("by y", given("/a", "X: 1", "Y: 1"));
        at.pass(1);
        at.answer(get("/a", "X: 1", "Y: 3"), 200, "by x again", HOUR, "Vary: x");
        assertEquals("by x again", given("/a", "X: 1", "Y: 1"));
    }

    @Test
    void variantsAreSixteenAtMost() {
        for (int i = 0; i < Variants.MOST; i++) {
            at.answer(get("/a", "X: " + i), 200, "x", HOUR, "Vary: x");
            at.now++;
        }
        at.fresh("/a", "X: 0");
        for (int i = 100; i < 200; i++) {
            at.answer(get("/a", "X: " + i), 200, "x", HOUR, "Vary: x");
            at.now++;
        }
        assertEquals(Variants.MOST, at.cache.counts().entries());
        at.fresh("/a", "X: 0");
        at.fresh("/a", "X: 199");
        assertEquals(VARY_MISS, at.lookup("/a", "X: 1"));
    }

    @Test
    void aRequestThatHasTooMuchInItsHeadersGetsNothing() {
        String much = "X: " + "x".repeat(Vary.MOST_CHARACTERS);
        assertFalse(at.answer(get("/a", much), 200, "x", HOUR, "Vary: x"));
        at.answer(get("/a"), 200, "x", HOUR, "Vary: x");
        assertEquals(VARY_MISS, at.lookup("/a", much));
    }
}
