package io.runnel.region.server;

import io.runnel.exec.isolate.TaskRunner;
import io.runnel.routing.edge.CanaryTally;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.topology.NodeStatus;

import java.time.InstantSource;
import java.util.Optional;

/** What this node says of itself to the others. Any thread. */
record RegionStatus(
        RegionFacts facts,
        TaskRunner runner,
        LocalCalls local,
        CodeKeeper keeper,
        CanaryTally canaries,
        InstantSource clock) {

    NodeStatus now(NodeStatus.State state) {
        return new NodeStatus(
                facts.node().name(),
                NodeStatus.Role.REGION,
                Optional.of(facts.region().name()),
                state,
                facts.node().slots(),
                runner.freeSlots(),
                facts.node().memory(),
                runner.freeMemory(),
                runner.warm(),
                local.started(),
                local.started(),
                keeper.held().format(),
                canaries.counts(),
                clock.instant());
    }
}
