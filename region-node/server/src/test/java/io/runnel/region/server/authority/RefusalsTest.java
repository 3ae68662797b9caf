package io.runnel.region.server.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Optional;

/** What is written of those who are refused. */
class RefusalsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private final Refusals refusals = new Refusals();

    private Optional<String> told(String kind, Instant at) {
        return refusals.told(kind, "why", at);
    }

    @Test
    void whoAsksAgainAndAgainIsWrittenOnceInAnHour() {
        assertEquals(Optional.of("why"), told("ams", NOW));
        assertEquals(Optional.empty(), told("ams", NOW));
        Instant later = NOW.plus(Refusals.SILENCE);
        assertEquals(Optional.empty(), told("ams", later.minusMillis(1)));
        assertEquals(Optional.of("why (2 more times since)"), told("ams", later));
        assertEquals(Optional.empty(), told("ams", later));
        assertEquals(Optional.of("why"), told("lhr", later));
    }

    @Test
    void aFloodOfNamesFillsNothingAndIsOverAfterAnHour() {
        int written = 0;
        for (int i = 0; i < 10 * Refusals.MOST_KINDS; i++) {
            written += told("pop-" + i, NOW).isPresent() ? 1 : 0;
        }
        assertEquals(Refusals.MOST_KINDS, written);
        assertEquals(Optional.empty(), told("another", NOW));
        assertEquals(Optional.of("why"), told("another", NOW.plus(Refusals.SILENCE)));
    }
}
