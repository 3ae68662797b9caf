package io.runnel.exec.forecast;

import static io.runnel.exec.forecast.Arrivals.HOUR_MS;
import static io.runnel.exec.forecast.Arrivals.MINUTE_MS;
import static io.runnel.exec.forecast.Arrivals.START_MS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** How likely it is that a call comes soon. */
class ChanceTest {
    private final Demand demand = new Demand(ForecastSettings.DEFAULT, START_MS);

    private long nowMs = START_MS;

    private void call() {
        demand.arrived(nowMs, 1);
        demand.ended(nowMs, 0);
    }

    private void calls(int count, long gapMs) {
        for (int i = 0; i < count; i++) {
            nowMs += gapMs;
            call();
        }
    }

    private double chance(long afterMs) {
        return demand.chance(nowMs + afterMs, MINUTE_MS);
    }

    @Test
    void whatRunsIsNeeded() {
        demand.arrived(nowMs, 1);
        assertEquals(1, chance(0));
    }

    @Test
    void whatWasCalledOnceComesBackOneTimeInTen() {
        call();
        assertEquals(0.1, chance(0), 0.001);
        assertEquals(0.01, chance(9 * MINUTE_MS), 0.001);
    }

    @Test
    void pausesThatEndedSoonAreExpectedToEndSoon() {
        calls(20, 20_000);
        assertTrue(chance(5_000) > 0.9, () -> "after 5 s: " + chance(5_000));
        assertTrue(chance(MINUTE_MS) < 0.5, () -> "after a minute: " + chance(MINUTE_MS));
        assertTrue(chance(MINUTE_MS) > 0.1, () -> "after a minute: " + chance(MINUTE_MS));
    }

    @Test
    void longPausesDoNotEndSoon() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20; i++) {
            calls(1, 8 * MINUTE_MS + random.nextLong(4 * MINUTE_MS));
        }
        double early = chance(MINUTE_MS);
        assertTrue(early < 0.05, () -> "after a minute: " + early);
        double due = chance(7 * MINUTE_MS + 30_000);
        assertTrue(due > 2 * early, () -> "before the shortest is over: " + due);
    }

    @Test
    void aPeriodIsExpectedInItsWindowAndNotBetween() {
        for (int i = 0; i < 12; i++) {
            call();
            if (demand.isSearchDue(nowMs)) {
                demand.analyze(nowMs, new SplittableRandom(1));
            }
            nowMs += HOUR_MS;
        }
        Forecast found = demand.forecasts(nowMs - 55 * MINUTE_MS).getFirst();
        assertEquals(PatternState.PERIODIC, found.state());
        double between = chance(-55 * MINUTE_MS);
        assertTrue(between < 0.01, () -> "five minutes after a burst: " + between);
        long beforeMs = nowMs - found.opensMs() + 30_000;
        assertEquals(found.degree(), demand.chance(nowMs - beforeMs, MINUTE_MS), 0.001);
    }
}
