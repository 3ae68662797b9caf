package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** How many calls a node gets that is back. */
class SlowStartTest {
    private static final int PLENTY = 100_000;

    private long nowNanos = -5;
    private final SlowStart start = new SlowStart(() -> nowNanos);

    private int taken() {
        int taken = 0;
        while (taken < PLENTY && start.tryTake(0)) {
            taken++;
        }
        return taken;
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    @Test
    void whoWasNeverAwayGetsAll() {
        assertEquals(PLENTY, taken());
    }

    @Test
    void aFewAtOnceThenTwiceAsManyEachSecond() {
        start.begin();
        assertEquals(SlowStart.AT_ONCE, taken());
        for (int second = 0; second < 9; second++) {
            pass(Duration.ofSeconds(1));
            assertEquals(SlowStart.FIRST_SECOND << second, taken(), "second " + second);
        }
    }

    @Test
    void whatIsNotUsedIsKept() {
        start.begin();
        pass(Duration.ofSeconds(3));
        assertEquals(SlowStart.AT_ONCE + 7 * SlowStart.FIRST_SECOND, taken());
    }

    @Test
    void afterTenSecondsItGetsAllUntilItWasAwayAgain() {
        start.begin();
        assertEquals(SlowStart.AT_ONCE, taken());
        pass(SlowStart.LASTS);
        assertEquals(PLENTY, taken());
        start.begin();
        assertEquals(SlowStart.AT_ONCE, taken());
    }

    @Test
    void fewAreUnderWayHoweverLongAgoItCameBack() {
        start.begin();
        pass(SlowStart.LASTS.minusNanos(1));
        for (int underWay = 0; underWay < SlowStart.AT_ONCE; underWay++) {
            assertTrue(start.hasMore(underWay));
            assertTrue(start.tryTake(underWay));
        }
        assertFalse(start.hasMore(SlowStart.AT_ONCE));
        assertFalse(start.tryTake(SlowStart.AT_ONCE));
        assertFalse(start.isOver());
        pass(Duration.ofNanos(1));
        assertTrue(start.tryTake(SlowStart.AT_ONCE));
        assertTrue(start.isOver());
    }

    @Test
    void itTellsWhetherItWouldGetOneMore() {
        assertTrue(start.hasMore(PLENTY));
        start.begin();
        assertTrue(start.hasMore(0));
        taken();
        assertFalse(start.hasMore(0));
        pass(Duration.ofSeconds(1));
        assertTrue(start.hasMore(0));
    }
}
