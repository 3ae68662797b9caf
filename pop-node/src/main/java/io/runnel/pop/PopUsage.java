package io.runnel.pop;

import io.runnel.cluster.replication.HttpUsageSink;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.UsageSender;
import io.runnel.cluster.replication.UsageSink;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.edge.RunMeter;
import io.runnel.routing.usage.NodeSpools;
import io.runnel.routing.usage.SpoolLimits;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What calls took that a POP ran, on its way to the regions of those who pay.
 *
 * @param spools what this POP wrote
 */
record PopUsage(NodeSpools spools, UsageSender sender, RunMeter meter) implements AutoCloseable {
    /** Begins to write and to send. */
    static PopUsage start(
            Vertx vertx,
            PopFacts facts,
            CatalogHolder catalog,
            InternalClient client,
            Executor workers,
            SecureRandom random,
            InstantSource clock)
            throws IOException {
        NodeSpools spools =
                NodeSpools.open(
                        facts.folder().usage(),
                        facts.pop().node(),
                        () -> "%016x".formatted(random.nextLong()),
                        SpoolLimits.DEFAULT);
        Map<RegionId, UsageSink> sinks = new HashMap<>();
        facts.topology()
                .regions()
                .forEach(
                        region ->
                                sinks.put(
                                        region.name(),
                                        new HttpUsageSink(client, facts.peers(region.name()))));
        UsageSender sender = new UsageSender(spools, sinks);
        vertx.setPeriodic(UsageSender.EVERY.toMillis(), tick -> workers.execute(sender::tend));
        RunMeter meter = new RunMeter(spools.own()::add, catalog, clock);
        return new PopUsage(spools, sender, meter);
    }

    @Override
    public void close() {
        sender.close();
    }
}
