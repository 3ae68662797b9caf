package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.routing.forward.RegionState.Reach;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class RegionStateTest {
    private static final int MISSES = 2;
    private final RegionState unknown = RegionState.unknown(Duration.ofNanos(12_000));

    @Test
    void theRoundTripIsSmoothedFromTheGuessOn() {
        assertEquals(12_000, unknown.roundTripNanos());
        RegionState up = unknown.answered(Reach.UP, 4_000);
        assertEquals(Reach.UP, up.reach());
        assertEquals(11_000, up.roundTripNanos());
        assertEquals(11_000 - 7_000 / 8, up.answered(Reach.UP, 4_000).roundTripNanos());
    }

    @Test
    void oneLongPingSaysNothingOfTheWayAndTwoDo() {
        RegionState up = unknown.answered(Reach.UP, 900_000);
        assertEquals(12_000, up.roundTripNanos());
        assertEquals(12_000 - 4_000 / 8, up.answered(Reach.UP, 8_000).roundTripNanos());
        assertEquals(
                12_000 + (800_000 - 12_000) / 8, up.answered(Reach.UP, 800_000).roundTripNanos());
    }

    @Test
    void isDownAfterTwoMissesInARowAndUpAfterOneAnswer() {
        RegionState up = unknown.answered(Reach.UP, 800);
        RegionState once = up.missed(MISSES);
        assertEquals(Reach.UP, once.reach());
        assertEquals(Reach.UP, once.answered(Reach.UP, 800).missed(MISSES).reach());
        RegionState down = once.missed(MISSES);
        assertEquals(new RegionState(Reach.DOWN, 2, up.roundTrip()), down);
        assertEquals(down, down.missed(MISSES));
        assertEquals(Reach.UP, down.answered(Reach.UP, 800).reach());
    }

    @Test
    void whatWasNeverReachedIsUnknownUntilItIsDown() {
        assertEquals(Reach.UNKNOWN, unknown.missed(MISSES).reach());
        assertEquals(Reach.DOWN, unknown.missed(MISSES).missed(MISSES).reach());
        assertEquals(Reach.DRAINING, unknown.answered(Reach.DRAINING, 1).reach());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(
                IllegalArgumentException.class, () -> new HealthSettings(Duration.ZERO, second, 2));
        assertThrows(IllegalArgumentException.class, () -> new HealthSettings(second, second, 0));
    }
}
