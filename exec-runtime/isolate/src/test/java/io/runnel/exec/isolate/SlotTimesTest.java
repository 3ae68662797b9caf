package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class SlotTimesTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final SlotTimes times = new SlotTimes(4);

    @Test
    void aCallWaitsForThoseBeforeItOnAllSlots() {
        for (int i = 0; i < 200; i++) {
            times.held(8 * MILLI);
        }
        assertEquals(2.0 * MILLI, times.expectedWaitNanos(0), 0.01 * MILLI);
        assertEquals(10.0 * MILLI, times.expectedWaitNanos(4), 0.05 * MILLI);
    }

    @Test
    void whoWaitedInVainTellsOfLongCallsThatHaveNotEnded() {
        times.held(1000);
        times.waitedInVain(100 * MILLI);
        assertEquals(25.0 * MILLI, times.expectedWaitNanos(0), MILLI);
        for (int i = 0; i < 200; i++) {
            times.held(1000);
        }
        assertTrue(times.expectedWaitNanos(0) < MILLI, "short calls are believed again");
    }
}
