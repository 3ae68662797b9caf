package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.catalog.CallRate;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

class RateUseTest {
    private static final long EVERY = Duration.ofMillis(500).toNanos();
    private static final CallRate TWO = new CallRate(2, 1);

    @Test
    void whatIsUsedIsWornOffWithTimeAlsoWhereTheClockTurnsOver() {
        long start = Long.MAX_VALUE - EVERY / 2;
        RateUse use = new RateUse(start);
        assertTrue(use.isIdle(start));
        assertEquals(Optional.empty(), use.tryBegin(TWO, start));
        assertFalse(use.isIdle(start + 1), "what is due is beyond the clock's turn");
        assertFalse(use.isIdle(start + EVERY - 1));
        assertEquals(Optional.of(Duration.ofNanos(1)), use.tryBegin(TWO, start + EVERY - 1));
        assertTrue(use.isIdle(start + EVERY));
        assertEquals(Optional.empty(), use.tryBegin(TWO, start + EVERY));
    }

    @Test
    void aBurstIsWhatMayBeginAtOnce() {
        RateUse use = new RateUse(0);
        CallRate burst = new CallRate(2, 3);
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), use.tryBegin(burst, 0));
        }
        assertEquals(Optional.of(Duration.ofNanos(EVERY)), use.tryBegin(burst, 0));
    }
}
