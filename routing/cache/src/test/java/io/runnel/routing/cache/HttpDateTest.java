package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

final class HttpDateTest {
    private static final long NOW = Instant.parse("2026-11-30T12:00:00Z").toEpochMilli();
    private static final long EXAMPLE = Instant.parse("1994-11-06T08:49:37Z").toEpochMilli();

    private static OptionalLong parse(String text) {
        return HttpDate.parse(text, NOW);
    }

    @Test
    void allThreeFormsAreRead() {
        assertEquals(OptionalLong.of(EXAMPLE), parse("Sun, 06 Nov 1994 08:49:37 GMT"));
        assertEquals(OptionalLong.of(EXAMPLE), parse("Sunday, 06-Nov-94 08:49:37 GMT"));
        assertEquals(OptionalLong.of(EXAMPLE), parse("Sun Nov  6 08:49:37 1994"));
        assertEquals(
                OptionalLong.of(EXAMPLE + 86_400_000L * 10), parse("Wed Nov 16 08:49:37 1994"));
    }

    @Test
    void twoDigitsAreAtMostFiftyYearsAhead() {
        assertEquals(
                OptionalLong.of(Instant.parse("2076-01-01T00:00:00Z").toEpochMilli()),
                parse("Monday, 01-Jan-76 00:00:00 GMT"));
        assertEquals(
                OptionalLong.of(Instant.parse("1977-01-01T00:00:00Z").toEpochMilli()),
                parse("Monday, 01-Jan-77 00:00:00 GMT"));
    }

    @Test
    void aLeapSecondIsTheOneBefore() {
        assertEquals(
                OptionalLong.of(Instant.parse("2016-12-31T23:59:59Z").toEpochMilli()),
                parse("Sat, 31 Dec 2016 23:59:60 GMT"));
    }

    @Test
    void whatIsWrittenIsRead() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(EXAMPLE + 999));
        assertEquals(OptionalLong.of(EXAMPLE), parse(HttpDate.format(EXAMPLE)));
    }

    @Test
    void anythingElseIsNoDate() {
        for (String wrong :
                List.of(
                        "",
                        "0",
                        "-1",
                        ",",
                        "Sun,",
                        "Sun, 06 Nov 1994 08:49:37 UTC",
                        "Sun, 06 Nov 1994 08:49:37 GMT ",
                        "Sun, 6 Nov 1994 08:49:37 GMT",
                        "Son, 06 Nov 1994 08:49:37 GMT",
                        "sun, 06 nov 1994 08:49:37 gmt",
                        "Sun, 31 Feb 1994 08:49:37 GMT",
                        "Sun, 06 Nov 1994 24:49:37 GMT",
                        "Sun, 06 Nov 1994 08:60:37 GMT",
                        "Sun, 06 Nov 1994 08:49:61 GMT",
                        "Sun, 06 Nov -994 08:49:37 GMT",
                        "Sun, 06 Foo 1994 08:49:37 GMT",
                        "Sun, 06-Nov-94 08:49:37 GMT",
                        "Sunday, 06-Nov-1994 08:49:37 GMT",
                        "Sun Nov  6 08:49:37 94",
                        "Sun Nov \u0666\u0666 08:49:37 1994",
                        "1994-11-06T08:49:37Z",
                        "S".repeat(100_000))) {
            assertEquals(OptionalLong.empty(), parse(wrong), wrong);
        }
    }
}
