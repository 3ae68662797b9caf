package io.runnel.region.cli;

import io.runnel.exec.task.NodeName;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Empties nodes, by their listeners for operators. Not thread-safe. */
final class Drain {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    /** So long others may take to hear of it: POPs ask their regions every half second. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    private final NodeAdmin nodes;
    private final Progress progress;

    Drain(NodeAdmin nodes, Progress progress) {
        this.nodes = nodes;
        this.progress = progress;
    }

    /**
     * How far it is.
     *
     * @param left calls that the node has
     */
    record State(boolean draining, int left) {
        boolean isEmpty() {
            return draining && left == 0;
        }

        /** As programs read it. */
        String label() {
            if (!draining) {
                return "ready";
            }
            return left == 0 ? "drained" : "draining";
        }
    }

    /** Begins; the node says how it is. */
    State begin(NodeName node) {
        return ask(node, NodeAdmin.Drain.PUT);
    }

    /** Ends it. */
    State undo(NodeName node) {
        return ask(node, NodeAdmin.Drain.DELETE);
    }

    /** Whether the node is drained, or being so; empty if it does not say. */
    Optional<State> state(NodeName node) {
        return nodes.drain(node, NodeAdmin.Drain.GET) instanceof NodeAdmin.Answer.Known known
                ? Optional.of(state(known))
                : Optional.empty();
    }

    /** Waits until the node has no call left, or for so long; how it is then. */
    State await(NodeName node, Duration patience) {
        long start = System.nanoTime();
        long told = start;
        State state = ask(node, NodeAdmin.Drain.GET);
        while (passed(start).compareTo(NOTICE) < 0
                || (!state.isEmpty() && passed(start).compareTo(patience) < 0)) {
            if (passed(told).compareTo(TELL_EVERY) >= 0) {
                told = System.nanoTime();
                progress.tell("%-12s draining, calls left: %d".formatted(node, state.left()));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            state = ask(node, NodeAdmin.Drain.GET);
        }
        return state;
    }

    private static Duration passed(long sinceNanos) {
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }

    private State ask(NodeName node, NodeAdmin.Drain what) {
        if (!nodes.has(node)) {
            throw CliException.failed("no node '%s' in this network".formatted(node));
        }
        return switch (nodes.drain(node, what)) {
            case NodeAdmin.Answer.Known known -> state(known);
            case NodeAdmin.Answer.Unknown _ ->
                    throw CliException.failed("%s cannot be drained: it is older".formatted(node));
            case NodeAdmin.Answer.Silent silent ->
                    throw CliException.failed("%s: %s".formatted(node, silent.why()));
        };
    }

    private static State state(NodeAdmin.Answer.Known known) {
        return new State(
                !known.report().path("state").asText().equals("ready"),
                known.report().path("left").asInt());
    }
}
