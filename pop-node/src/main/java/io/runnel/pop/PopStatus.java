package io.runnel.pop;

import io.runnel.exec.isolate.TaskRunner;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.edge.CanaryTally;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.topology.NodeStatus;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What this POP says of itself to the others. Any thread. */
record PopStatus(
        PopFacts facts,
        TaskRunner runner,
        LocalCalls local,
        CanaryTally canaries,
        LongSupplier calls,
        CatalogHolder catalog,
        InstantSource clock) {

    NodeStatus now(NodeStatus.State state) {
        return new NodeStatus(
                facts.pop().node(),
                NodeStatus.Role.POP,
                Optional.of(facts.pop().region()),
                state,
                facts.pop().slots(),
                runner.freeSlots(),
                facts.pop().memory(),
                runner.freeMemory(),
                runner.warm(),
                calls.getAsLong(),
                local.started(),
                catalog.current().positions().format(),
                canaries.counts(),
                clock.instant());
    }
}
