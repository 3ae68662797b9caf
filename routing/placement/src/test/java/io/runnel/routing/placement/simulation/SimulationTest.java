package io.runnel.routing.placement.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** Six hours of a small network: short, so that what is promised of a day is not asked of it. */
class SimulationTest {
    private static final SimSettings SMALL =
            SimSettings.DAY
                    .with("pops=4")
                    .with("regions=20")
                    .with("tasks=20000")
                    .with("requests=400000")
                    .with("hours=6")
                    .with("warmMiB=64");

    @Test
    void placementComesNearTheOracleAndIsFasterThanPoliciesThatDoNotPlace() throws Exception {
        Simulation simulation = new Simulation(SMALL);
        Tally tally = simulation.run();
        double hits = tally.hitRate(1);
        double oracle = tally.oracleHitRate(1);
        assertTrue(oracle > 30, () -> "the oracle: " + oracle);
        assertTrue(hits > oracle - 7, () -> hits + " against " + oracle);
        assertTrue(hits < oracle + 1, () -> hits + " against an oracle's " + oracle);
        double placed = tally.placed.meanMillis();
        double region = tally.alwaysRegion.meanMillis();
        double pop = tally.alwaysPop.meanMillis();
        assertTrue(placed < region, () -> placed + " ms, always region " + region);
        assertTrue(placed < pop, () -> placed + " ms, always POP " + pop);
        assertEquals(0, tally.refused);
        assertEquals(400_000.0, (double) tally.all, 5_000);
    }

    @Test
    void theSameSeedIsTheSameDayOnAnyNumberOfThreads() throws Exception {
        SimSettings shorter = SMALL.with("requests=50000").with("hours=1");
        Tally one = new Simulation(shorter.with("threads=1")).run();
        Tally three = new Simulation(shorter.with("threads=3")).run();
        assertEquals(one.all, three.all);
        assertEquals(one.reasons, three.reasons);
        assertEquals(one.placed.meanMillis(), three.placed.meanMillis());
        Tally other = new Simulation(shorter.with("seed=8")).run();
        assertTrue(other.all != one.all || !other.reasons.equals(one.reasons));
    }

    @Test
    void whatIsNoSettingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SMALL.with("pods=4"));
        assertThrows(IllegalArgumentException.class, () -> SMALL.with("pops=0"));
    }

    @Test
    void ranksAreDrawnByTheirWeight() {
        for (double exponent : new double[] {0.8, 1, 1.1}) {
            Zipf zipf = new Zipf(1000, exponent);
            double whole = 0;
            for (int rank = 1; rank <= 1000; rank++) {
                whole += zipf.weight(rank);
            }
            int[] drawn = new int[1001];
            var random = new SplittableRandom(7);
            int draws = 200_000;
            for (int i = 0; i < draws; i++) {
                drawn[zipf.draw(random)]++;
            }
            for (int rank : new int[] {1, 2, 10}) {
                double expected = draws * zipf.weight(rank) / whole;
                assertEquals(expected, drawn[rank], 5 * Math.sqrt(expected), "rank " + rank);
            }
        }
    }
}
