package io.runnel.exec.forecast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Exponential arrivals are taken to have a period for at most 1 in 100 tasks in 400 calls, and
 * while at most 1 in 1,000 of their calls come. {@code src/bench/forecast} counts over more.
 */
class FalsePositiveTest {
    private static final double[] MEAN_GAPS_MS = {20_000, 600_000, 3_600_000};
    private static final int SEEDS = 100;
    private static final int CALLS = 400;

    @Test
    void exponentialArrivalsHaveNoPeriod() {
        int declared = 0;
        int callsThen = 0;
        for (double meanMs : MEAN_GAPS_MS) {
            for (int seed = 0; seed < SEEDS; seed++) {
                int calls = callsWhileDeclared(meanMs, seed);
                declared += calls > 0 ? 1 : 0;
                callsThen += calls;
            }
        }
        int tasks = MEAN_GAPS_MS.length * SEEDS;
        String seen = "%d of %d tasks, %d calls".formatted(declared, tasks, callsThen);
        assertTrue(declared * 100 <= tasks, seen);
        assertTrue(callsThen * 1_000 <= tasks * CALLS, seen);
    }

    private static int callsWhileDeclared(double meanMs, int seed) {
        int[] calls = {0};
        long end = Arrivals.START_MS + (long) (CALLS * meanMs);
        new Arrivals(seed)
                .random(meanMs, Arrivals.START_MS, end)
                .seen(
                        new Demand(ForecastSettings.DEFAULT, Arrivals.START_MS),
                        (demand, atMs) -> calls[0] += demand.isPeriodic() ? 1 : 0);
        return calls[0];
    }
}
