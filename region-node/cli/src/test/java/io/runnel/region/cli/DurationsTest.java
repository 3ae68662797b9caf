package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class DurationsTest {
    @Test
    void areReadAsPeopleWriteThem() {
        assertEquals(Duration.ofMillis(500), Durations.parse("500ms"));
        assertEquals(Duration.ofSeconds(10), Durations.parse("10s"));
        assertEquals(Duration.ofMinutes(2), Durations.parse(" 2 m "));
        assertEquals(Duration.ofDays(1), Durations.parse("1d"));
    }

    @Test
    void whatIsNoneIsRefused() {
        for (String text : List.of("", "10", "s", "-1s", "1.5s", "10 years")) {
            assertThrows(IllegalArgumentException.class, () -> Durations.parse(text), text);
        }
    }
}
