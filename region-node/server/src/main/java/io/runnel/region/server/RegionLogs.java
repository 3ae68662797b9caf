package io.runnel.region.server;

import io.runnel.cluster.replication.HttpLogSink;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.LogLine;
import io.runnel.cluster.replication.LogShipper;
import io.runnel.cluster.replication.LogSink;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.edge.LocalCalls;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What guests write, and what is told of their ends, on its way from a region's node to the homes
 * of their accounts. Safe for any thread; but for {@link #close} never blocks.
 */
record RegionLogs(LogShipper shipper, String place, InstantSource clock)
        implements LocalCalls.TaskLog, AutoCloseable {
    private static final Duration TO_SHIP = Duration.ofSeconds(1);

    /**
     * Those of a node.
     *
     * @param client for other regions
     * @param random safe for any thread
     */
    static RegionLogs start(
            Vertx vertx,
            RegionFacts facts,
            RegionState state,
            InternalClient client,
            RandomGenerator random,
            InstantSource clock) {
        Map<RegionId, LogSink> sinks = new HashMap<>();
        sinks.put(facts.region().name(), new StoreLogSink(state.store()));
        facts.others().forEach(r -> sinks.put(r, new HttpLogSink(client, facts.peers(r))));
        LogShipper shipper =
                new LogShipper(
                        vertx,
                        facts.node().name(),
                        task ->
                                state.catalog()
                                        .current()
                                        .account(task.account())
                                        .map(AccountRecord::home),
                        sinks,
                        LogShipper.Settings.DEFAULT,
                        random);
        return new RegionLogs(shipper, facts.place(), clock);
    }

    @Override
    public void line(TaskRef task, RequestId request, String text) {
        shipper.ship(new LogLine(task, request, clock.instant(), place, text));
    }

    /** Ships what it can in a second. */
    @Override
    public void close() {
        shipper.close(TO_SHIP).join();
    }
}
