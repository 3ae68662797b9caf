package io.runnel.exec.forecast;

import static io.runnel.exec.forecast.Arrivals.HOUR_MS;
import static io.runnel.exec.forecast.Arrivals.MINUTE_MS;
import static io.runnel.exec.forecast.Arrivals.START_MS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;

/** The heap that a demand takes, measured. */
class DemandMemoryTest {
    private static final int MOST_BYTES = 4_096;

    /** Four patterns, every ring full, bins in use. */
    private static Demand full(int seed) {
        long middle = START_MS + HOUR_MS;
        long end = middle + HOUR_MS;
        Arrivals arrivals = new Arrivals(seed).random(MINUTE_MS, middle, end);
        for (long phase : new long[] {0, 70_000, 120_000, 190_000}) {
            arrivals.every(5 * MINUTE_MS, 500, START_MS + phase, end, 2);
        }
        Demand demand = new Demand(ForecastSettings.DEFAULT, START_MS);
        demand.started(100);
        return arrivals.recorded(
                demand,
                (seen, atMs) -> {
                    if (atMs > middle && seen.forecasts(atMs).size() < 4) {
                        seen.analyze(atMs, new SplittableRandom(seed));
                    }
                });
    }

    @Test
    void aDemandOfWhichEverythingIsKnownTakesFourKilobytesAtMost() throws IllegalAccessException {
        for (int seed = 0; seed < 5; seed++) {
            Demand demand = full(seed);
            long bytes = HeapSize.of(demand, ForecastSettings.DEFAULT);
            assertEquals(4, demand.forecasts(START_MS).size());
            assertTrue(bytes > 3_000 && bytes <= MOST_BYTES, bytes + " bytes");
        }
    }

    @Test
    void aTaskThatIsCalledOnceTakesAFractionOfThat() throws IllegalAccessException {
        Demand demand = new Demand(ForecastSettings.DEFAULT, START_MS);
        demand.arrived(START_MS, 1);
        demand.started(50);
        demand.ended(START_MS + 10, 0);
        long bytes = HeapSize.of(demand, ForecastSettings.DEFAULT);
        assertTrue(bytes > 100 && bytes < 700, bytes + " bytes");
    }

    /** The measure is right: it is what the JVM says was allocated. */
    @Test
    void whatIsMeasuredIsWhatIsAllocated() throws IllegalAccessException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Object[] made = new Object[2_000];
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < made.length; i += 2) {
                made[i] = new Demand(ForecastSettings.DEFAULT, START_MS);
                made[i + 1] = new BinPyramid(START_MS);
            }
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / (made.length / 2);
            long measured = HeapSize.of(made[0], ForecastSettings.DEFAULT) + HeapSize.of(made[1]);
            if (round == 1) {
                assertTrue(Math.abs(each - measured) <= 16, each + " and " + measured);
            }
        }
    }
}
