package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class SlotTimesTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double ONE = 1e6;

    private final SlotTimes times = new SlotTimes(4);

    private double expected(int waiting) {
        return times.expectedWaitNanos(waiting);
    }

    @Test
    void aCallWaitsForThoseBeforeItOnAllSlots() {
        for (int i = 0; i < 200; i++) {
            times.held(8 * MILLI);
        }
        assertEquals(2 * ONE, expected(0), 0.01 * ONE);
        assertEquals(10 * ONE, expected(4), 0.05 * ONE);
    }

    @Test
    void whoWaitedInVainTellsOfLongCallsThatHaveNotEnded() {
        times.held(1000);
        times.waitedInVain(100 * MILLI);
        assertEquals(25 * ONE, expected(0), ONE);
        for (int i = 0; i < 200; i++) {
            times.held(1000);
        }
        assertTrue(expected(0) < ONE, "short calls are believed again");
    }
}
