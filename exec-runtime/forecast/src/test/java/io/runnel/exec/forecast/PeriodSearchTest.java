package io.runnel.exec.forecast;

import static io.runnel.exec.forecast.Arrivals.DAY_MS;
import static io.runnel.exec.forecast.Arrivals.HOUR_MS;
import static io.runnel.exec.forecast.Arrivals.MINUTE_MS;
import static io.runnel.exec.forecast.Arrivals.START_MS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Which periods are found, and after how many bursts. */
class PeriodSearchTest {
    private static List<Forecast> actedOn(Arrivals arrivals) {
        return arrivals.seen().forecasts(arrivals.lastMs() + 60).stream()
                .filter(forecast -> forecast.state().isActedOn())
                .toList();
    }

    private static void assertPeriods(Arrivals arrivals, long... expectedMs) {
        List<Forecast> found = new ArrayList<>(actedOn(arrivals));
        for (long expected : expectedMs) {
            boolean isThere =
                    found.removeIf(f -> Math.abs(f.periodMs() - expected) < 0.02 * expected);
            assertTrue(isThere, expected + " ms is not among " + actedOn(arrivals));
        }
        assertEquals(List.of(), found);
    }

    @Test
    void periodsFromHalfAMinuteToAWeekAreFound() {
        for (long period : new long[] {30_000, 5 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS}) {
            Arrivals arrivals =
                    new Arrivals(period)
                            .every(period, 0.002 * period, START_MS, START_MS + 12 * period, 2);
            assertPeriods(arrivals, period);
        }
    }

    /** How many bursts it takes, by jitter: the medians of 21 clocks. */
    @Test
    void steadyClocksAreLearnedFromFiveBurstsAndTremblingOnesFromMore() {
        assertEquals(5, burstsToLearn(0.0005), 1);
        assertEquals(7, burstsToLearn(0.01), 2);
        assertEquals(13, burstsToLearn(0.03), 6);
        assertTrue(burstsToLearn(0.05) < 40, "jitter 5 %: " + burstsToLearn(0.05));
    }

    private static int burstsToLearn(double jitter) {
        List<Integer> counts = new ArrayList<>();
        for (int seed = 0; seed < 21; seed++) {
            int[] count = {0};
            new Arrivals(seed)
                    .every(HOUR_MS, jitter * HOUR_MS, START_MS, START_MS + 64 * HOUR_MS, 1)
                    .seen(
                            new Demand(ForecastSettings.DEFAULT, START_MS),
                            (demand, atMs) -> count[0] += demand.isPeriodic() ? 0 : 1);
            counts.add(count[0] + 1);
        }
        counts.sort(null);
        return counts.get(counts.size() / 2);
    }

    @Test
    void severalPeriodsAreFoundAtOnce() {
        long end = START_MS + 20 * DAY_MS;
        Arrivals arrivals =
                new Arrivals(13)
                        .every(HOUR_MS, 10_000, START_MS + 20 * MINUTE_MS, end, 1)
                        .every(12 * HOUR_MS, 60_000, START_MS + 5 * HOUR_MS, end, 1)
                        .every(DAY_MS, 60_000, START_MS + 7 * HOUR_MS, end, 4);
        assertPeriods(arrivals, HOUR_MS, 12 * HOUR_MS, DAY_MS);
    }

    @Test
    void theBatchOfEveryNightIsFoundUnderCallsOfEveryMinute() {
        long end = START_MS + 9 * DAY_MS;
        Arrivals arrivals =
                new Arrivals(2)
                        .random(MINUTE_MS, START_MS, end)
                        .every(DAY_MS, 20_000, START_MS + 2 * HOUR_MS, end, 20);
        assertPeriods(arrivals, DAY_MS);
        assertEquals(20, actedOn(arrivals).getFirst().amount());
    }

    @Test
    void theBatchOfEveryHourIsFoundUnderCallsOfEverySecond() {
        long end = START_MS + 26 * HOUR_MS;
        Arrivals arrivals =
                new Arrivals(3)
                        .random(1_000, START_MS, end)
                        .every(HOUR_MS, 3_000, START_MS + 10 * MINUTE_MS, end, 40);
        assertPeriods(arrivals, HOUR_MS);
    }

    @Test
    void halfOfAllBurstsMayBeRandom() {
        long end = START_MS + 3 * DAY_MS;
        Arrivals arrivals =
                new Arrivals(10)
                        .random(20 * MINUTE_MS, START_MS, end)
                        .every(20 * MINUTE_MS, 20_000, START_MS, end, 1);
        assertPeriods(arrivals, 20 * MINUTE_MS);
    }

    @Test
    void aPeriodThatDriftsIsFollowed() {
        Arrivals arrivals = new Arrivals(8);
        double at = START_MS;
        for (int i = 0; i < 2_000; i++) {
            at += 10 * MINUTE_MS * (1 + 0.0003 * i);
            arrivals.at((long) at, 1);
        }
        Forecast found = actedOn(arrivals).getFirst();
        assertEquals(16.0 * MINUTE_MS, (double) found.periodMs(), 9_600);
        assertTrue(found.misses() < 20, found.toString());
    }

    @Test
    void aJobOfWorkdaysKeepsItsDailyPeriodOverWeekends() {
        Arrivals arrivals = new Arrivals(6);
        for (long week = 0; week < 8; week++) {
            long monday = START_MS + week * 7 * DAY_MS;
            arrivals.every(DAY_MS, 20_000, monday + 9 * HOUR_MS, monday + 5 * DAY_MS, 2);
        }
        assertPeriods(arrivals, DAY_MS);
    }

    @Test
    void anHourOfDaylightSavingCostsOneBurst() {
        Arrivals arrivals =
                new Arrivals(9)
                        .every(DAY_MS, 20_000, START_MS, START_MS + 20 * DAY_MS, 3)
                        .every(
                                DAY_MS,
                                20_000,
                                START_MS + 20 * DAY_MS + HOUR_MS,
                                START_MS + 40 * DAY_MS,
                                3);
        assertEquals(1, actedOn(arrivals).getFirst().misses());
    }

    @Test
    void jitterIsEstimatedInSpiteOfAFewWildBursts() {
        Arrivals arrivals = new Arrivals(4);
        for (long i = 0; i < 400; i++) {
            long wild = i % 50 == 49 ? 40_000 : 0;
            arrivals.at(START_MS + i * 10 * MINUTE_MS + wild, 1);
        }
        arrivals.every(10 * MINUTE_MS, 3_000, arrivals.lastMs(), arrivals.lastMs() + DAY_MS, 1);
        assertEquals(3_600, (double) actedOn(arrivals).getFirst().jitterMs(), 1_500);
    }

    @Test
    void demandThatReturnsFasterThanTheShortestPeriodHasNone() {
        Arrivals arrivals =
                new Arrivals(5).every(4_000, 20, START_MS, START_MS + 20 * MINUTE_MS, 1);
        for (Forecast forecast : arrivals.seen().forecasts(arrivals.lastMs())) {
            assertFalse(forecast.periodMs() < 9_000, forecast.toString());
        }
    }

    @Test
    void aSearchRunsOnACopyWhileCallsGoOn() {
        Demand demand = new Demand(ForecastSettings.DEFAULT, START_MS);
        for (long i = 0; i < 6; i++) {
            demand.arrived(START_MS + i * MINUTE_MS, 1);
        }
        PeriodSearch search = demand.search(START_MS + 5 * MINUTE_MS);
        demand.arrived(START_MS + 6 * MINUTE_MS, 1);
        PeriodSearch.Findings findings = search.run(new java.util.SplittableRandom(1));
        assertEquals(1, findings.count());
        assertEquals(1, demand.adopt(findings, START_MS + 6 * MINUTE_MS + 100));
        assertTrue(demand.isPeriodic());
    }
}
