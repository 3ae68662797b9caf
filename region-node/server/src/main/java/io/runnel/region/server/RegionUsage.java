package io.runnel.region.server;

import io.runnel.cluster.replication.HttpUsageSink;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.UsageSender;
import io.runnel.cluster.replication.UsageSink;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.RunMeter;
import io.runnel.routing.usage.NodeSpools;
import io.runnel.routing.usage.SpoolLimits;
import io.runnel.topology.Pop;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What calls took that a region's node ran, and what nodes tell it of theirs.
 *
 * @param spools what this node wrote
 * @param intake where what all nodes say goes
 */
record RegionUsage(NodeSpools spools, UsageIntake intake, UsageSender sender, RunMeter meter)
        implements AutoCloseable {
    /** Begins to write and to send. */
    static RegionUsage start(
            Vertx vertx,
            RegionFacts facts,
            RegionState state,
            InternalClient client,
            Executor workers,
            SecureRandom random,
            InstantSource clock,
            LongSupplier nanoClock)
            throws IOException {
        NodeSpools spools =
                NodeSpools.open(
                        facts.folder().usage(),
                        facts.node().name(),
                        () -> "%016x".formatted(random.nextLong()),
                        SpoolLimits.DEFAULT);
        UsageIntake intake =
                new UsageIntake(
                        state.store().usage(),
                        node -> slots(facts.topology(), node),
                        new Budgets(state.store(), state.catalog(), clock, nanoClock),
                        clock);
        Map<RegionId, UsageSink> sinks = new HashMap<>();
        sinks.put(facts.region().name(), intake);
        facts.others().forEach(r -> sinks.put(r, new HttpUsageSink(client, facts.peers(r))));
        UsageSender sender = new UsageSender(spools, sinks);
        vertx.setPeriodic(UsageSender.EVERY.toMillis(), tick -> workers.execute(sender::tend));
        RunMeter meter = new RunMeter(spools.own()::add, state.catalog(), clock);
        return new RegionUsage(spools, intake, sender, meter);
    }

    private static OptionalInt slots(Topology topology, NodeName node) {
        return Stream.concat(
                        topology.pops().stream()
                                .filter(pop -> pop.name().value().equals(node.value()))
                                .map(Pop::slots),
                        topology.regions().stream()
                                .flatMap(region -> region.nodes().stream())
                                .filter(one -> one.name().equals(node))
                                .map(RegionNode::slots))
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    @Override
    public void close() {
        sender.close();
    }
}
