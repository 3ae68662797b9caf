package io.runnel.exec.forecast;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** What one search for periods costs, off the way of calls. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SearchBenchmark {
    private static final double MEAN_MS = 300_000;

    /** How its bursts came. */
    @Param({"periodic", "random"})
    public String calls;

    /** How many are remembered. */
    @Param({"8", "64"})
    public int bursts;

    private final SplittableRandom random = new SplittableRandom(1);
    private PeriodSearch search;

    /** Records the bursts. */
    @Setup
    public void record() {
        Demand demand = new Demand(ForecastSettings.DEFAULT, 0);
        double now = 0;
        for (int i = 0; i < bursts; i++) {
            now +=
                    calls.equals("periodic")
                            ? MEAN_MS + random.nextInt(3_000)
                            : -MEAN_MS * Math.log1p(-random.nextDouble());
            demand.arrived((long) now, 1);
        }
        search = demand.search((long) now);
    }

    /** One search. */
    @Benchmark
    public PeriodSearch.Findings search() {
        return search.run(random);
    }
}
