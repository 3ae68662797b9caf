package io.runnel.exec.forecast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.ForecastSettings;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/**
 * Demand of a period of 20 seconds, through the forecast and a pool, in virtual time: what is warm,
 * what is held, what is wasted.
 */
class ScenariosTest {
    private static final long PERIOD_MS = 20_000;
    private static final int MOST_JITTER_MS = 60;

    private final SplittableRandom random = new SplittableRandom(20);
    private final OneTask task = new OneTask();

    private long jitter() {
        return random.nextInt(MOST_JITTER_MS);
    }

    private void calls(int count, long fromMs, long periodMs) {
        for (int i = 0; i < count; i++) {
            task.call(fromMs + i * periodMs + jitter(), 1);
        }
    }

    @Test
    void fromTheNinthCallOnAllAreWarmAndLessIsIdleThanBefore() {
        calls(30, 0, PERIOD_MS);
        task.replayed(PERIOD_MS);
        for (int call = 8; call < 30; call++) {
            assertFalse(task.wasCold(call), "call " + call);
        }
        assertEquals(1, task.heldAt(2 * PERIOD_MS + 10_000));
        for (int call = 8; call < 29; call++) {
            assertEquals(0, task.heldAt(call * PERIOD_MS + 10_000), "after call " + call);
        }
    }

    @Test
    void whatIsPreparedIsReadyShortlyBeforeItsCall() {
        calls(30, 0, PERIOD_MS);
        task.replayed(PERIOD_MS / 2);
        long leadMs = OneTask.START_COST_MS * 5 / 4 + ForecastSettings.DEFAULT.marginMs();
        long toleranceMs = 1_000;
        assertTrue(task.prepares().size() >= 21, task.prepares().toString());
        for (long at : task.prepares()) {
            long beforeMs = Math.floorMod(-at, PERIOD_MS);
            assertTrue(beforeMs <= leadMs + toleranceMs, at + " is too early");
            assertTrue(beforeMs >= OneTask.START_COST_MS, at + " is too late");
        }
    }

    @Test
    void randomCallsOfTheSameRateHaveNoPatternAndKeepTheirIsolates() {
        for (int seed = 0; seed < 20; seed++) {
            OneTask other = new OneTask();
            SplittableRandom gaps = new SplittableRandom(seed);
            double at = 0;
            for (int i = 0; i < 200; i++) {
                other.call((long) at, 1);
                at -= PERIOD_MS * Math.log1p(-gaps.nextDouble());
            }
            other.replayed(1);
            assertFalse(other.isPeriodic(), "seed " + seed);
            assertEquals(0, other.result().prepares(), "seed " + seed);
            assertTrue(other.result().coldStarts() <= 10, other.result().toString());
        }
    }

    @Test
    void whenTheCallerStopsThreeWindowsAreTriedAndNoMore() {
        calls(20, 0, PERIOD_MS);
        task.replayed(3_600_000);
        long lastMs = 19 * PERIOD_MS;
        long after = task.prepares().stream().filter(at -> at > lastMs + 1_000).count();
        assertEquals(3, after, task.prepares().toString());
        assertFalse(task.isPeriodic());
        assertEquals(0, task.heldAt(lastMs + 5 * PERIOD_MS));
    }

    @Test
    void aSurpriseIsServedAndTheForecastStands() {
        calls(12, 0, PERIOD_MS);
        task.call(11 * PERIOD_MS + 10_000, 10);
        calls(8, 12 * PERIOD_MS, PERIOD_MS);
        task.replayed(1_000);
        assertEquals(30, task.calls());
        assertTrue(task.isPeriodic());
        for (int call = 22; call < 30; call++) {
            assertFalse(task.wasCold(call), "call " + call);
        }
    }

    @Test
    void aPeriodThatChangesIsLearnedAnewWithThreeWastedPrepares() {
        calls(20, 0, PERIOD_MS);
        long changeMs = 19 * PERIOD_MS;
        calls(12, changeMs + 30_000, 30_000);
        task.replayed(1_000);
        for (int call = 25; call < 32; call++) {
            assertFalse(task.wasCold(call), "call " + call);
        }
        assertTrue(task.result().wastedPrepares() <= 3, task.result().toString());
    }
}
