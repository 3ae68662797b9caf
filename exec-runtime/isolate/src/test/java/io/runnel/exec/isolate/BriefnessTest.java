package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class BriefnessTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Briefness briefness = new Briefness();

    private void ran(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            briefness.ran(nanos);
        }
    }

    @Test
    void aProgramHasToShowIt() {
        ran(31, 1_000);
        assertFalse(briefness.isBrief(0), "31 calls are too few to know");
        ran(1, 1_000);
        assertTrue(briefness.isBrief(0));
    }

    @Test
    void whoUsuallyTakesLongIsNotBrief() {
        ran(1000, Briefness.MOST_NANOS + 1_000);
        assertFalse(briefness.isBrief(0));
    }

    @Test
    void aProgramThatGetsSlowIsNoLongerBrief() {
        ran(1000, 1_000);
        ran(16, 10 * Briefness.MOST_NANOS);
        assertFalse(briefness.isBrief(0));
    }

    @Test
    void oneCallThatHadToWaitForAProcessorChangesNothing() {
        ran(1000, 1_000);
        ran(1, SECOND);
        assertTrue(briefness.isBrief(0));
    }

    @Test
    void eachTimeItWasWrongBarsItTwiceAsLong() {
        ran(1000, 1_000);
        briefness.wasNot(0);
        assertFalse(briefness.isBrief(SECOND - 1));
        assertTrue(briefness.isBrief(SECOND));
        briefness.wasNot(SECOND);
        assertFalse(briefness.isBrief(3 * SECOND - 1));
        assertTrue(briefness.isBrief(3 * SECOND));
    }

    @Test
    void theBarStaysWithinTenMinutes() {
        ran(1000, 1_000);
        long now = 0;
        long bar = SECOND;
        for (int i = 0; i < 14; i++) {
            briefness.wasNot(now);
            assertFalse(briefness.isBrief(now + bar - 1), "within bar " + i);
            now += bar;
            assertTrue(briefness.isBrief(now), "after bar " + i);
            bar = Math.min(2 * bar, TimeUnit.MINUTES.toNanos(10));
        }
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        ran(1000, 1_000);
        briefness.wasNot(0);
        briefness.wasNot(SECOND);
        long later = 100 * SECOND;
        briefness.wasNot(later);
        assertTrue(briefness.isBrief(later + SECOND));
    }
}
