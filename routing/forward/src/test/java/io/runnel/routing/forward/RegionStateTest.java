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
    void whatWasMeasuredReplacesTheGuessAndIsSmoothed() {
        assertEquals(new RegionState(Reach.UNKNOWN, 0, 12_000), unknown);
        RegionState up = unknown.answered(Reach.UP, 800);
        assertEquals(new RegionState(Reach.UP, 0, 800), up);
        assertEquals(new RegionState(Reach.UP, 0, 900), up.answered(Reach.UP, 1600));
        assertEquals(new RegionState(Reach.UP, 0, 700), up.answered(Reach.UP, 0));
    }

    @Test
    void isDownAfterTwoMissesInARowAndUpAfterOneAnswer() {
        RegionState up = unknown.answered(Reach.UP, 800);
        RegionState once = up.missed(MISSES);
        assertEquals(Reach.UP, once.reach());
        assertEquals(Reach.UP, once.answered(Reach.UP, 800).missed(MISSES).reach());
        RegionState down = once.missed(MISSES);
        assertEquals(new RegionState(Reach.DOWN, 2, 800), down);
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
