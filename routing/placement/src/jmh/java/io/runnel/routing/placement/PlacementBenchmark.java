package io.runnel.routing.placement;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Written;

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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A whole decision: a call is counted, its run times are looked up, it is looked up what three
 * regions have of its version, they are ranked, and it is decided where the call runs. And what is
 * done at its end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(2)
public class PlacementBenchmark {
    private static final Written WRITTEN = new Written(new RegionId("eu-west"), "Log", 41);
    private static final NodeLoad LOAD = new NodeLoad(16, 9, 1L << 30, 1L << 29, 0);

    /** Distinct tasks; from a million on hardly one is ever in the table. */
    @Param({"1", "1000", "1000000"})
    public int tasks;

    private final Map<RegionId, RegionView> views = new HashMap<>();
    private final Map<RegionId, RegionStock> stocks = new HashMap<>();
    private Placer placer;
    private long[] keys;

    /** Draws the tasks. */
    @Setup
    public void draw() {
        Random random = new Random(7);
        List<RegionId> failover = List.of(new RegionId("us-east"), new RegionId("ap-south"));
        views.put(new RegionId("eu-west"), new RegionView(RegionView.Reach.UP, 12_000_000, 30));
        views.put(failover.get(0), new RegionView(RegionView.Reach.UP, 80_000_000, 70));
        views.put(failover.get(1), new RegionView(RegionView.Reach.UP, 81_000_000, 10));
        tell("eu-west", 41, random);
        tell("us-east", 41, random);
        tell("ap-south", 40, random);
        placer =
                new Placer(
                        new Popularity(System.nanoTime(), random, 1L << 28, 16),
                        new RegionRanking(new RegionId("eu-west"), failover));
        keys = random.longs(tasks).map(key -> key | 1).toArray();
        for (long key : keys) {
            placer.popularity().record(key, 1 << 18, System.nanoTime());
            placer.popularity().times().ranHere(key, 3_000_000, System.nanoTime());
        }
        placer.popularity().tend(System.nanoTime());
    }

    /** All that a region can say: 64 codes that it lacks, 256 that it has open. */
    private void tell(String region, int known, Random random) {
        stocks.put(
                new RegionId(region),
                new RegionStock(
                        FeedPositions.parse("eu-west/Log:" + known),
                        codes(RegionStock.MOST_LACKING, random),
                        codes(RegionStock.MOST_WARM, random),
                        true));
    }

    private static List<CodeDigest> codes(int count, Random random) {
        return Stream.generate(
                        () -> CodeDigest.of(Long.toString(random.nextLong()).getBytes(UTF_8)))
                .limit(count)
                .toList();
    }

    /** Where one thread is in the tasks. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        long next(long[] keys) {
            next = (next + 7919) % keys.length;
            return keys[next];
        }
    }

    /** From the call to where it runs. */
    @Benchmark
    public PlacementDecision decide(Cursor cursor) {
        long key = cursor.next(keys);
        var call =
                new Placer.Situation(
                        key,
                        1 << 18,
                        1 << 26,
                        EligibleRegions.EVERYWHERE,
                        false,
                        Fit.FITS,
                        Replica.READY,
                        LOAD,
                        0,
                        LatencyNeed.NORMAL,
                        region -> stocks.get(region).copy(WRITTEN, key));
        PlacementInput input =
                placer.came(
                        call,
                        views::get,
                        System.nanoTime(),
                        ThreadLocalRandom.current().nextLong());
        return placer.decide(key, input);
    }

    /** What the end of a call costs. */
    @Benchmark
    public void end(Cursor cursor) {
        placer.popularity().times().ranHere(cursor.next(keys), 3_100_000, System.nanoTime());
    }
}
