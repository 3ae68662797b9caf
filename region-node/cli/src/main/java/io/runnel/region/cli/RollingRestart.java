package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.document.Asked;
import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.NodePhase;
import io.runnel.region.cli.supervisor.NodeReport;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.topology.NodeStatus.Role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Restarts nodes one after the other. The next one's turn comes when every POP reaches every region
 * again, so that no POP is ever without all of its regions. Not thread-safe.
 */
final class RollingRestart {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration TO_BE_WHOLE = Duration.ofSeconds(60);

    private final SupervisorClient supervisor;
    private final NodeAdmin nodes;
    private final Progress progress;
    private final Drain drain;
    private final Duration patience;

    /**
     * Of this network.
     *
     * @param patience how long to wait for what runs in a region
     */
    RollingRestart(
            SupervisorClient supervisor, NodeAdmin nodes, Progress progress, Duration patience) {
        this.supervisor = supervisor;
        this.nodes = nodes;
        this.progress = progress;
        this.drain = new Drain(nodes, progress);
        this.patience = patience;
    }

    /**
     * Restarts these nodes, or all if none is named; stopped ones stay stopped. How many it did.
     *
     * @throws CliException if one did not come up again, or the network is not whole; what comes
     *     after it in the order was not touched
     */
    int run(List<NodeName> named) {
        List<NodeReport> all = supervisor.status().nodes();
        List<NodeReport> turns = new ArrayList<>();
        for (NodeName name :
                named.isEmpty() ? all.stream().map(NodeReport::node).toList() : named) {
            all.stream().filter(report -> report.node().equals(name)).forEach(turns::add);
            if (turns.isEmpty() || !turns.getLast().node().equals(name)) {
                throw CliException.failed("no node '%s' on this machine".formatted(name));
            }
        }
        int count = 0;
        for (NodeReport turn : turns) {
            count += restart(turn) ? 1 : 0;
        }
        return count;
    }

    private boolean restart(NodeReport node) {
        if (node.phase() == NodePhase.STOPPED) {
            progress.tell("%-12s is stopped: left so".formatted(node.node()));
            return false;
        }
        awaitWhole(node.node());
        boolean wasDrained = drain.state(node.node()).map(Drain.State::draining).orElse(false);
        if (node.role() == Role.REGION && !wasDrained) {
            empty(node.node());
        }
        Duration unused = supervisor.restart(node.node(), !wasDrained, progress::tell);
        awaitWhole(node.node());
        return true;
    }

    private void empty(NodeName region) {
        Drain.State begun = drain.begin(region);
        progress.tell("%-12s draining, calls left: %d".formatted(region, begun.left()));
        Drain.State state = drain.await(region, patience);
        if (!state.isEmpty()) {
            progress.tell(
                    "%-12s still has %d calls: they have 8 s more".formatted(region, state.left()));
        }
    }

    /** Until every POP that is somebody reaches every region that is not drained for good. */
    private void awaitWhole(NodeName turn) {
        long start = System.nanoTime();
        List<String> missing = missing(turn);
        while (!missing.isEmpty()) {
            if (System.nanoTime() - start > TO_BE_WHOLE.toNanos()) {
                throw CliException.failed(
                        "stopped at %s: %s".formatted(turn, String.join(", ", missing)));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            missing = missing(turn);
        }
    }

    private List<String> missing(NodeName turn) {
        List<String> missing = new ArrayList<>();
        for (NodeAdmin.Answer answer : nodes.reach()) {
            switch (answer) {
                case NodeAdmin.Answer.Known known -> addUnreached(known, turn, missing);
                case NodeAdmin.Answer.Unknown _ -> {}
                case NodeAdmin.Answer.Silent silent -> addSilent(silent, missing);
            }
        }
        return missing;
    }

    private void addUnreached(NodeAdmin.Answer.Known pop, NodeName turn, List<String> missing) {
        JsonNode regions = pop.report().path("regions");
        List<String> unreached = new ArrayList<>();
        for (var region : regions.properties()) {
            // One that drains answers what comes; an operator may have drained it for good.
            if (!List.of("up", "draining").contains(region.getValue().asText())) {
                unreached.add(
                        "%s sees %s %s"
                                .formatted(
                                        pop.node(), region.getKey(), region.getValue().asText()));
            }
        }
        if (!unreached.isEmpty() && !isNobody(pop.node(), turn)) {
            missing.addAll(unreached);
        }
    }

    /** A POP that no region hears is not made whole by waiting; its own turn makes it somebody. */
    private boolean isNobody(NodeName pop, NodeName turn) {
        return switch (nodes.identity(pop, Asked.NOTHING)) {
            case NodeAdmin.Answer.Known known -> known.report().path("revoked").asBoolean();
            case NodeAdmin.Answer.Unknown _ -> !pop.equals(turn);
            case NodeAdmin.Answer.Silent _ -> false;
        };
    }

    /** A POP that is stopped, or on another machine, is nobody's turn and says nothing. */
    private void addSilent(NodeAdmin.Answer.Silent pop, List<String> missing) {
        boolean isToAnswer =
                supervisor.status().nodes().stream()
                        .anyMatch(
                                report ->
                                        report.node().equals(pop.node())
                                                && report.phase() != NodePhase.STOPPED);
        if (isToAnswer) {
            missing.add("%s: %s".formatted(pop.node(), pop.why()));
        }
    }
}
