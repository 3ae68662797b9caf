package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

class HeldBackTest {
    private static final long SEED = 7;

    /** A clock may have any value, and pass its greatest. */
    private static final long SINCE = Long.MAX_VALUE - Duration.ofMillis(100).toNanos();

    private static HeldBack of(int calls) {
        return HeldBack.of(calls, SINCE, new Random(SEED));
    }

    private static long after(long millis) {
        return SINCE + Duration.ofMillis(millis).toNanos();
    }

    @Test
    void aRegionIsGivenMoreWithTime() {
        HeldBack four = of(4);
        assertEquals(4, four.most(after(0)));
        assertEquals(4, four.most(after(99)));
        assertEquals(5, four.most(after(100)));
        assertEquals(6, four.most(after(200)));
        assertEquals(8, four.most(after(400)));
        assertEquals(4, four.most(after(-5)), "a thread may have read its clock before");
    }

    @Test
    void whoHasNoPartInWhatFillsItGivesItNothing() {
        assertEquals(0, of(0).most(after(900)));
        assertEquals(
                0, of(-1).most(after(900)), "its own call was over before its answer was read");
    }

    @Test
    void itEndsWithinASecond() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100; i++) {
            HeldBack some = HeldBack.of(3, SINCE, random);
            assertFalse(some.isOver(after(0)), some::toString);
            assertFalse(some.isOver(after(249)), some::toString);
            assertTrue(some.isOver(after(1_000)), some::toString);
        }
    }
}
