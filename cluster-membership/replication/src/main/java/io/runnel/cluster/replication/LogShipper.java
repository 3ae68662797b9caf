package io.runnel.cluster.replication;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Brings the lines that tasks write to their accounts' home regions: in batches, each 200 ms or as
 * soon as 64 KiB are there. While a region is away they wait, up to a limit; beyond it the oldest
 * are dropped, and how many of which task is told with the next batch. {@link #ship} never blocks;
 * all is safe for any thread.
 */
public final class LogShipper {
    /**
     * The limits of shipping.
     *
     * @param waiting how much may wait for each region
     * @param batch about how much makes a batch
     * @param every how often what is there is sent, though it makes no batch
     * @param firstPause after a failure; doubled by each further one
     * @param longestPause that it grows to
     */
    public record Settings(
            ByteSize waiting,
            ByteSize batch,
            Duration every,
            Duration firstPause,
            Duration longestPause) {
        /** 2 MiB, 64 KiB, 200 ms, 100 ms to 2 s. */
        public static final Settings DEFAULT =
                new Settings(
                        ByteSize.ofMiB(2),
                        ByteSize.ofKiB(64),
                        Duration.ofMillis(200),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2));

        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException if a batch would be larger than a region takes
         */
        public Settings {
            if (batch.compareTo(ByteSize.ofKiB(64)) > 0) {
                throw new IllegalArgumentException("a batch must be at most 64KiB: " + batch);
            }
        }
    }

    private final Map<RegionId, LogLane> lanes = new LinkedHashMap<>();
    private final Function<TaskRef, Optional<RegionId>> home;
    private final AtomicLong homeless = new AtomicLong();
    private final Vertx vertx;
    private final Context context;
    private final long timer;
    private volatile boolean closed;

    /**
     * Starts to ship.
     *
     * @param node whose lines these are
     * @param home the home region of a task's account, as far as this node knows
     * @param sinks the way to each region; to this node's own it may be its store
     */
    public LogShipper(
            Vertx vertx,
            NodeName node,
            Function<TaskRef, Optional<RegionId>> home,
            Map<RegionId, LogSink> sinks,
            Settings settings,
            RandomGenerator random) {
        this.vertx = vertx;
        this.home = home;
        this.context = vertx.getOrCreateContext();
        String run = "%s.%016x.".formatted(node, random.nextLong());
        sinks.forEach(
                (region, sink) -> {
                    LogBuffer buffer =
                            new LogBuffer(
                                    run + region + ".",
                                    settings.waiting().bytes(),
                                    settings.batch().bytes());
                    BackOff backOff =
                            new BackOff(settings.firstPause(), settings.longestPause(), random);
                    lanes.put(region, new LogLane(vertx, context, buffer, sink, backOff));
                });
        this.timer = vertx.setPeriodic(settings.every().toMillis(), tick -> pumpAll());
    }

    /** Takes a line along. A line of an account that nobody here knows is dropped, and counted. */
    public void ship(LogLine line) {
        lane(line.task()).ifPresentOrElse(lane -> lane.add(line), () -> homeless.incrementAndGet());
    }

    /** Takes along that so many lines of a task were lost before they came here. */
    public void shipDropped(TaskRef task, long lines) {
        lane(task)
                .ifPresentOrElse(
                        lane -> lane.addDropped(task, lines), () -> homeless.addAndGet(lines));
    }

    private Optional<LogLane> lane(TaskRef task) {
        return closed ? Optional.empty() : home.apply(task).map(lanes::get);
    }

    /** How many lines were lost, here and before they came here, since the start. */
    public long dropped() {
        return homeless.get() + lanes.values().stream().mapToLong(LogLane::dropped).sum();
    }

    /** Sends what is there, for at most so long; then completes, whatever is left. */
    public CompletableFuture<Void> close(Duration longest) {
        closed = true;
        CompletableFuture<?>[] closing =
                lanes.values().stream().map(LogLane::close).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(closing)
                .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> vertx.cancelTimer(timer));
    }

    private void pumpAll() {
        context.runOnContext(now -> lanes.values().forEach(LogLane::pump));
    }
}
