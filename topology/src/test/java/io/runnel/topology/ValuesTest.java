package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class ValuesTest {
    @Test
    void addressesAreReadAsTheyAreWritten() {
        for (String text :
                List.of("127.0.0.1:0", "a-b.example:65535", "[::1]:80", "[fe80::1:2]:1")) {
            assertEquals(text, Address.parse(text).toString());
        }
        assertEquals("::1", Address.parse("[::1]:80").host());
    }

    @Test
    void whatIsNoAddressIsRefused() {
        String[] wrong = {
            "",
            ":80",
            "host",
            "host:",
            "host:x",
            "host:65536",
            "host:-1",
            "::1:80",
            "[::1]",
            "a b:1",
            "[x]:1",
            "-a:1",
            "http://a:1",
            "a:99999999999",
            "[]:1",
            "user@host:1",
            "a\n:1"
        };
        for (String text : wrong) {
            assertThrows(IllegalArgumentException.class, () -> Address.parse(text), text);
        }
        assertThrows(IllegalArgumentException.class, () -> new Address("x".repeat(254), 1));
    }

    @Test
    void durationsAreReadAndWritten() {
        assertEquals(Duration.ofMillis(12), DurationText.parse("12ms"));
        assertEquals(Duration.ofNanos(500_000), DurationText.parse("0.5ms"));
        assertEquals(Duration.ofMillis(1500), DurationText.parse("1.5s"));
        assertEquals("1500ms", DurationText.format(Duration.ofMillis(1500)));
        assertEquals("0.000001ms", DurationText.format(Duration.ofNanos(1)));
        assertEquals("0ms", DurationText.format(Duration.ZERO));
        assertEquals("2m", DurationText.format(Duration.ofMinutes(2)));
        assertEquals("1h", DurationText.format(Duration.ofHours(1)));
        for (String wrong : List.of("", "12", "-1s", "1 s s", "1.s", "999999999h", "1d", "1e3s")) {
            assertThrows(IllegalArgumentException.class, () -> DurationText.parse(wrong), wrong);
        }
    }

    @Test
    void locationsAreWithinTheEarth() {
        new Location(-90, 180);
        assertThrows(IllegalArgumentException.class, () -> new Location(90.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Location(0, -180.1));
        assertThrows(IllegalArgumentException.class, () -> new Location(Double.NaN, 0));
        assertEquals(new Location(0, 0), new Location(1e-9, -0.0), "six decimals are kept");
        double half = new Location(0, 0).kilometresTo(new Location(0, 180));
        assertEquals(Math.PI * 6371, half, 1);
    }

    @Test
    void suggestionsAreNearOrNone() {
        List<String> known = List.of("listen", "internal", "maxMemory", "rtt");
        assertEquals(Optional.of("listen"), Suggestion.nearest("lisetn", known));
        assertEquals(Optional.of("maxMemory"), Suggestion.nearest("max_memory", known));
        assertEquals(Optional.of("rtt"), Suggestion.nearest("RTT", known));
        assertEquals(Optional.empty(), Suggestion.nearest("colour", known));
        assertEquals(Optional.empty(), Suggestion.nearest("listen".repeat(20), known));
        assertEquals(Optional.empty(), Suggestion.nearest("", known));
    }

    @Test
    void recordsRefuseWhatCannotBe() {
        Topology small = Samples.small();
        Region region = small.registry();
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new Region(
                                region.name(),
                                true,
                                region.location(),
                                region.store(),
                                List.of(),
                                Devices.NONE));
        assertThrows(
                IllegalArgumentException.class, () -> new Via(Optional.empty(), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Link("a", "b", Duration.ofMillis(-1), Optional.empty()));
        assertTrue(new Address("0.0.0.0", 1).isWildcard());
        assertFalse(new Address("127.0.0.1", 1).isWildcard());
    }
}
