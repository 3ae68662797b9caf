package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Machine.Node;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** The nodes of a network, on whatever machines they run. One thread at a time. */
final class Nodes {
    private static final Duration MOST = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final List<? extends Machine> machines;
    private final Readiness readiness;
    private final Map<String, Node> known = new HashMap<>();
    private final Map<String, Machine> machineOf = new HashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private boolean hurt;

    /**
     * Those of one network.
     *
     * @param root the certificate of its root
     */
    Nodes(List<? extends Machine> machines, Path root) {
        this.readiness = new Readiness(root);
        this.machines = List.copyOf(machines);
    }

    /** Asks for all of them. */
    List<Node> refresh() {
        known.clear();
        machineOf.clear();
        for (Machine machine : machines) {
            for (Node node : machine.nodes()) {
                known.put(node.name(), node);
                machineOf.put(node.name(), machine);
            }
        }
        return new ArrayList<>(known.values());
    }

    /** The ids of their processes, as they are now. */
    Map<String, Long> processes() {
        Map<String, Long> processes = new HashMap<>();
        for (Node node : refresh()) {
            processes.put(node.name(), node.pid());
        }
        return processes;
    }

    /** Where a region answers operators. */
    URI region() {
        return known.values().stream()
                .filter(node -> !node.isPop())
                .map(Node::url)
                .findFirst()
                .orElseThrow(() -> new NetworkException("no region within reach"));
    }

    /** Where a node answers users. */
    URI url(String name) {
        return known.get(name).url();
    }

    /** Whether a node of this name is within reach. */
    boolean has(String name) {
        return known.containsKey(name);
    }

    /** Does it to the node's process. */
    void apply(Action.OnNode action) {
        String node = action.node();
        hurt = true;
        switch (action.kind()) {
            case KILL -> signal(node, Signal.KILL);
            case FREEZE -> {
                frozen.add(node);
                signal(node, Signal.FREEZE);
            }
            case THAW -> {
                signal(node, Signal.THAW);
                frozen.remove(node);
            }
            case STOP -> {
                stopped.add(node);
                machineOf.get(node).stop(node);
            }
            case AWAIT -> awaitReady(node);
            case START -> {
                machineOf.get(node).start(node);
                stopped.remove(node);
            }
        }
    }

    /** Undoes what was done, and waits until every node is ready. */
    void heal() {
        for (String node : List.copyOf(frozen)) {
            apply(new Action.OnNode(Action.Kind.THAW, node));
        }
        for (String node : List.copyOf(stopped)) {
            apply(new Action.OnNode(Action.Kind.START, node));
        }
        if (hurt) {
            awaitReady();
            hurt = false;
        }
    }

    /** Until the node says itself that it is; a process that was killed has a successor then. */
    private void awaitReady(String name) {
        long deadline = System.nanoTime() + MOST.toNanos();
        while (!readiness.isReady(known.get(name).url())) {
            if (System.nanoTime() > deadline) {
                throw new NetworkException("not ready after a minute: " + name);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + MOST.toNanos();
        List<Node> nodes = refresh();
        while (!nodes.stream().allMatch(Node::isReady)) {
            if (System.nanoTime() > deadline) {
                throw new NetworkException("nodes are not ready after a minute: " + nodes);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            nodes = refresh();
        }
    }

    /** To the living process; a node that was killed gets a new one. */
    private void signal(String name, Signal signal) {
        long deadline = System.nanoTime() + MOST.toNanos();
        while (!has(name) || !machineOf.get(name).signal(known.get(name), signal)) {
            if (System.nanoTime() > deadline) {
                throw new NetworkException("has no process for a minute: " + name);
            }
            refresh();
            if (!has(name)) {
                throw new NetworkException("no node within reach: " + name);
            }
        }
    }
}
