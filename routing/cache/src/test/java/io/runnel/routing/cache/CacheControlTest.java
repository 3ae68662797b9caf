package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

final class CacheControlTest {
    private static CacheControl of(String... lines) {
        return CacheControl.of(Arrays.asList(lines));
    }

    private static long seconds(Directive directive, String... lines) {
        return of(lines).millis(directive).orElse(-1000) / 1000;
    }

    @Test
    void nothingSaysNothing() {
        assertSame(CacheControl.NONE, of());
        assertSame(CacheControl.NONE, of(""));
        assertSame(CacheControl.NONE, of(" , ,, "));
        assertEquals(OptionalLong.empty(), of("no-cache").millis(Directive.MAX_AGE));
    }

    @Test
    void directivesOfAllLinesCountWhateverTheirCase() {
        CacheControl control = of("Max-Age=10, PRIVATE", "no-CACHE ,must-revalidate");
        assertEquals(OptionalLong.of(10_000), control.millis(Directive.MAX_AGE));
        assertTrue(control.has(Directive.PRIVATE));
        assertTrue(control.has(Directive.NO_CACHE));
        assertTrue(control.has(Directive.MUST_REVALIDATE));
        assertFalse(control.has(Directive.NO_STORE));
    }

    @Test
    void whatIsNotKnownIsSkippedWithItsArgument() {
        CacheControl control = of("foo, bar=\"no-store, \\\" private\", baz=no-cache, max-age=5");
        assertFalse(control.has(Directive.NO_STORE));
        assertFalse(control.has(Directive.PRIVATE));
        assertFalse(control.has(Directive.NO_CACHE));
        assertEquals(OptionalLong.of(5_000), control.millis(Directive.MAX_AGE));
    }

    @Test
    void numbersMayStandInQuotes() {
        assertEquals(7, seconds(Directive.MAX_AGE, "max-age=\"7\""));
        assertEquals(7, seconds(Directive.MAX_AGE, "max-age = 7"));
        assertEquals(7, seconds(Directive.MAX_AGE, "max-age=\"\\7\" , foo"));
    }

    @Test
    void fieldsInQuotesChangeNothing() {
        assertTrue(of("no-cache=\"Set-Cookie, X\"").has(Directive.NO_CACHE));
        assertTrue(of("private=\"Set-Cookie\"").has(Directive.PRIVATE));
        assertTrue(of("no-store=1").has(Directive.NO_STORE));
    }

    @Test
    void numbersBeyondAllAreTheLargest() {
        assertEquals(CacheControl.MOST_SECONDS, seconds(Directive.MAX_AGE, "max-age=2147483648"));
        assertEquals(
                CacheControl.MOST_SECONDS,
                seconds(Directive.MAX_AGE, "max-age=" + "9".repeat(1000)));
    }

    @Test
    void whatIsNoNumberIsTheStrictest() {
        for (String wrong : List.of("", "x", "-1", "+1", "1.5", "1 2", "0x10", "\u0661")) {
            assertEquals(0, seconds(Directive.MAX_AGE, "max-age=" + wrong), wrong);
            assertEquals(0, seconds(Directive.MAX_STALE, "max-stale=" + wrong), wrong);
            assertEquals(
                    CacheControl.MOST_SECONDS,
                    seconds(Directive.MIN_FRESH, "min-fresh=" + wrong),
                    wrong);
        }
        assertEquals(0, seconds(Directive.S_MAXAGE, "s-maxage"));
    }

    @Test
    void ofTwoTheStricterCounts() {
        assertEquals(3, seconds(Directive.MAX_AGE, "max-age=5, max-age=3"));
        assertEquals(3, seconds(Directive.MAX_AGE, "max-age=3", "max-age=5"));
        assertEquals(0, seconds(Directive.MAX_AGE, "max-age=3", "max-age=x"));
        assertEquals(5, seconds(Directive.MIN_FRESH, "min-fresh=5, min-fresh=3"));
    }

    @Test
    void staleWithoutANumberIsAsStaleAsItLikes() {
        assertEquals(CacheControl.MOST_SECONDS, seconds(Directive.MAX_STALE, "max-stale"));
        assertEquals(4, seconds(Directive.MAX_STALE, "max-stale, max-stale=4"));
    }

    @Test
    void whatCannotBeReadIsNotKept() {
        for (String wrong :
                List.of(
                        "foo=\"",
                        "foo=\"x\\",
                        "foo=\"x\"y, max-age=5",
                        "foo=x\"y\"",
                        "\"max-age=5\"",
                        "max-age=5, a\"b")) {
            assertTrue(of(wrong).has(Directive.NO_STORE), wrong);
        }
    }

    @Test
    void whatIsTooLongIsNotKept() {
        String most = "x".repeat(CacheControl.MOST_CHARACTERS - 1);
        assertFalse(of(most).has(Directive.NO_STORE));
        assertTrue(of(most + "x").has(Directive.NO_STORE));
        assertTrue(of(most, "").has(Directive.NO_STORE));
    }

    /** Whatever comes, it is read. */
    @Test
    void noiseIsReadOrRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String letters = "max-age=1,\"\\ no-store\t;=\u00e9";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int c = random.nextInt(40); c > 0; c--) {
                line.append(letters.charAt(random.nextInt(letters.length())));
            }
            long maxAge = seconds(Directive.MAX_AGE, line.toString());
            assertTrue(maxAge >= -1, "seed " + seed + ": " + line);
        }
    }
}
