package io.runnel.exec.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

class AutocorrelationTest {
    private static final ForecastSettings SETTINGS = ForecastSettings.DEFAULT;

    @Test
    void aClockHasItsPeriodAndNoMultipleOfIt() {
        long[] times = LongStream.range(0, 40).map(i -> i * 300_000).toArray();
        LagScore best = Autocorrelation.best(times, 1, SETTINGS);
        assertEquals(300_000, best.lagMs(), 3_000);
        assertTrue(best.score() > 30, best.toString());
    }

    @Test
    void aTremblingClockHasItsPeriodToo() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long[] times =
                    LongStream.range(0, 48)
                            .map(i -> i * 600_000 + (long) (18_000 * random.nextGaussian()))
                            .sorted()
                            .toArray();
            LagScore best = Autocorrelation.best(times, 1, SETTINGS);
            assertEquals(600_000, best.lagMs(), 60_000, "seed " + seed);
        }
    }

    /** By day 40 calls, at random, by night none: a day is no period of theirs. */
    @Test
    void whatLiesBesideALagSpeaksAgainstIt() {
        double most = 0;
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long[] times =
                    LongStream.range(0, 96)
                            .map(
                                    i ->
                                            (i / 16) * Arrivals.DAY_MS
                                                    + random.nextLong(10 * Arrivals.HOUR_MS))
                            .sorted()
                            .toArray();
            most = Math.max(most, Autocorrelation.best(times, 1, SETTINGS).score());
        }
        assertTrue(most < 8, "score " + most);
    }

    @Test
    void shorterAndLongerLagsThanAskedForAreNotTried() {
        long[] fast = LongStream.range(0, 20).map(i -> i * 2_000).toArray();
        assertTrue(Autocorrelation.best(fast, 1, SETTINGS).lagMs() >= 10_000 / 1.2);
        long[] rare = LongStream.range(0, 3).map(i -> i * Arrivals.DAY_MS).toArray();
        assertEquals(LagScore.NONE, Autocorrelation.best(rare, 1, SETTINGS));
    }

    @Test
    void theScoreIsTheTailOfTheBinomialDistribution() {
        // P(X >= 3) of 5 trials at 0.2: 0.0512 + 0.0064 + 0.00032
        assertEquals(-Math.log10(0.05792), Autocorrelation.tail(5, 3, 0.2, 0), 1e-9);
        assertEquals(-Math.log10(Math.pow(0.02, 7)), Autocorrelation.tail(7, 7, 0.02, 0), 1e-9);
        assertEquals(0, Autocorrelation.tail(10, 2, 0.3, 0));
    }

    @Test
    void whatCannotBeBestIsNotComputedToItsEndButNeverTooLow() {
        double exact = Autocorrelation.tail(60, 20, 0.1, 0);
        double bound = Autocorrelation.tail(60, 20, 0.1, 1_000);
        assertTrue(bound >= exact, bound + " " + exact);
    }
}
