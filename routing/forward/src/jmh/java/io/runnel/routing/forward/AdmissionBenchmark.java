package io.runnel.routing.forward;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What it costs to let a call to a region in, and to take note of how it went. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AdmissionBenchmark {
    private static final int PLACES = 800;

    /** What all event loops share. */
    @State(Scope.Benchmark)
    public static class Region {
        final RegionCell cell =
                new RegionCell(
                        new RegionLink(
                                new RegionId("west"),
                                new Address("127.0.0.1", 1),
                                Duration.ofMillis(1)),
                        System::nanoTime);
    }

    /** What each event loop has. */
    @State(Scope.Thread)
    public static class Loop {
        final TenantPlaces places = new TenantPlaces(PLACES);
        final AnswerTimes times = new AnswerTimes();
        final AccountId tenant = new AccountId("demo");
    }

    /** One event loop, the circuit breaker alone. */
    @Benchmark
    public boolean breaker(Region region) {
        return throughBreaker(region);
    }

    /** Two event loops that do nothing else. */
    @Benchmark
    @Threads(2)
    public boolean breakerOfTwoLoops(Region region) {
        return throughBreaker(region);
    }

    /** The breaker, the region's load, the tenant's place, the time it took. */
    @Benchmark
    @Threads(2)
    public long all(Region region, Loop loop) {
        long now = System.nanoTime();
        if (region.cell.isFull() || !throughBreaker(region)) {
            throw new IllegalStateException("never full, never open");
        }
        TenantPlaces.Held held = loop.places.of(loop.tenant, now);
        boolean taken = loop.places.tryTake(held, now);
        loop.places.release(held);
        region.cell.said("40");
        loop.times.add(taken ? 1_000_000 + (now & 0xffff) : 0);
        return loop.times.lateNanos();
    }

    private static boolean throughBreaker(Region region) {
        boolean passed = region.cell.breaker().tryPass();
        region.cell.breaker().answered(0);
        return passed;
    }
}
