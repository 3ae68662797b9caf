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

/** What a call costs beside its run: recording it, and asking what to hold. At most 2 µs each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DemandBenchmark {
    private static final long PERIOD_MS = 300_000;
    private static final int BURSTS = 64;

    /** How its calls come. */
    @Param({"periodic", "random"})
    public String calls;

    /** How many tasks are called in turn: 2,000 do not fit into a core's cache. */
    @Param({"1", "2000"})
    public int tasks;

    private final StartSchedule schedule = new StartSchedule(2);
    private final SplittableRandom random = new SplittableRandom(1);
    private Demand[] demands;
    private long[] nowMs;
    private int next;

    /** Lets each task be known for 64 bursts. */
    @Setup
    public void learn() {
        demands = new Demand[tasks];
        nowMs = new long[tasks];
        for (int task = 0; task < tasks; task++) {
            demands[task] = new Demand(ForecastSettings.DEFAULT, 0);
            demands[task].started(100);
            for (int burst = 0; burst < BURSTS; burst++) {
                call(task);
            }
            demands[task].analyze(nowMs[task], random);
            if (demands[task].isPeriodic() != calls.equals("periodic")) {
                throw new IllegalStateException("task %d is not %s".formatted(task, calls));
            }
        }
    }

    private void call(int task) {
        double mean = PERIOD_MS - random.nextInt(2_000);
        nowMs[task] +=
                calls.equals("periodic")
                        ? (long) mean
                        : 1_100 + (long) (-mean * Math.log1p(-random.nextDouble()));
        demands[task].arrived(nowMs[task], 1);
        demands[task].ended(nowMs[task] + 20, 0);
    }

    private int nextTask() {
        next = next + 1 < tasks ? next + 1 : 0;
        return next;
    }

    /** A call that opens a burst: the dearest kind; and its end. */
    @Benchmark
    public boolean record() {
        int task = nextTask();
        call(task);
        return demands[task].isSearchDue(nowMs[task]);
    }

    /** What is to be held. */
    @Benchmark
    public Plan plan() {
        int task = nextTask();
        return demands[task].plan(nowMs[task] + 25, schedule);
    }

    /** All that a pool asks of it for one call. */
    @Benchmark
    public Plan callAndPlans() {
        int task = nextTask();
        call(task);
        Plan running = demands[task].plan(nowMs[task], schedule);
        Plan after = demands[task].plan(nowMs[task] + 25, schedule);
        return running.held() > after.held() ? running : after;
    }
}
