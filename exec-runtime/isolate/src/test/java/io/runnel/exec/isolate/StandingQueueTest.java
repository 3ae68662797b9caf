package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class StandingQueueTest {
    private static final long MS = Duration.ofMillis(1).toNanos();
    private static final long TARGET = 50 * MS;

    private final StandingQueue queue = new StandingQueue();

    /** The queue is looked at every 10 ms, and its oldest call has been waiting for so long. */
    private long move(long fromNanos, int times, long oldestNanos) {
        for (int i = 0; i < times; i++) {
            queue.moved(fromNanos + i * 10L * MS, oldestNanos, TARGET);
        }
        return fromNanos + times * 10L * MS;
    }

    @Test
    void aBurstIsNoStandingQueue() {
        long now = move(0, 10, 60 * MS);
        now = move(now, 1, 40 * MS);
        now = move(now, 10, 60 * MS);
        assertFalse(queue.stands(), "it was short once within 100 ms each time");
        move(now, 1, 60 * MS);
        assertTrue(queue.stands());
    }

    @Test
    void oneThatWaitedInVainIsEnough() {
        queue.waitedInVain(0, 50 * MS);
        assertTrue(queue.stands());
    }

    /** Each second calls wait for so long. */
    private void seconds(int count, int waitMillis) {
        for (int i = 0; i < count; i++) {
            nowNanos += (1000 - waitMillis) * MS;
            queue.look(nowNanos, true);
            nowNanos += waitMillis * MS;
            queue.look(nowNanos, false);
        }
    }

    private long nowNanos;

    @Test
    void itStandsWhileCallsWaitForHalfOfTheTime() {
        queue.waitedInVain(0, 0);
        queue.look(0, false);
        seconds(10, 600);
        assertTrue(queue.stands());
        seconds(1, 400);
        assertFalse(queue.stands());
    }

    @Test
    void itStandsWhileThereIsOneTooMany() {
        queue.waitedInVain(0, 50 * MS);
        queue.look(0, false);
        for (int i = 0; i < 100; i++) {
            queue.refused(i * 40L * MS, 50 * MS);
        }
        assertTrue(queue.stands());
        for (int i = 100; i < 150; i++) {
            queue.refused(i * 120L * MS, 50 * MS);
        }
        assertFalse(queue.stands(), "50 of each 120 ms");
    }

    @Test
    void itIsOverWhenNothingComes() {
        queue.waitedInVain(0, 50 * MS);
        queue.look(0, false);
        queue.look(1000 * MS, false);
        assertFalse(queue.stands());
    }

    /** Who takes the lock later may have read the clock before. */
    @Test
    void timeThatSeemsToGoBackCountsAsNone() {
        queue.waitedInVain(1_000 * MS, 10 * MS);
        queue.look(1_100 * MS, false);
        queue.look(1_099 * MS, false);
        queue.look(1_098 * MS, true);
        queue.look(1_097 * MS, true);
        assertTrue(queue.stands());
        // Nothing waits from now on, and half of a second is over in which hardly anything did.
        queue.look(1_100 * MS, false);
        queue.look(2_000 * MS, false);
        assertFalse(queue.stands());
    }
}
