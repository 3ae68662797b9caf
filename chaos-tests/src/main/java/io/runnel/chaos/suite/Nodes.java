package io.runnel.chaos.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of a network's nodes, found by what its supervisor says of them. One thread at a
 * time.
 */
final class Nodes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MOST = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /**
     * A node, as status shows it.
     *
     * @param process if it has one
     */
    record Node(
            String name, boolean isPop, String state, URI url, Optional<ProcessHandle> process) {
        boolean isReady() {
            return state.equals("ready");
        }
    }

    private final Launcher launcher;
    private final Readiness readiness = new Readiness();
    private final Map<String, Node> known = new HashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private boolean hurt;

    Nodes(Launcher launcher) {
        this.launcher = launcher;
    }

    /** Asks for all of them. */
    List<Node> refresh() {
        Launcher.Said said = launcher.run(List.of("status", "--json"));
        try {
            JsonNode nodes = JSON.readTree(said.out()).path("nodes");
            if (nodes.isMissingNode()) {
                throw new NetworkException("no network runs here: " + said.err().strip());
            }
            known.clear();
            for (JsonNode one : nodes) {
                Node node =
                        new Node(
                                one.path("node").asText(),
                                one.path("role").asText().equals("pop"),
                                one.path("state").asText(),
                                URI.create(one.path("url").asText()),
                                ProcessHandle.of(one.path("pid").asLong(0)));
                known.put(node.name(), node);
            }
            return List.copyOf(known.values());
        } catch (IOException e) {
            throw new NetworkException("status says no JSON: " + said.out(), e);
        }
    }

    /** The ids of their processes, as they are now. */
    Map<String, Long> processes() {
        Map<String, Long> processes = new HashMap<>();
        for (Node node : refresh()) {
            processes.put(node.name(), node.process().map(ProcessHandle::pid).orElse(0L));
        }
        return processes;
    }

    /** Where a region answers operators. */
    URI region() {
        return known.values().stream()
                .filter(node -> !node.isPop())
                .map(Node::url)
                .findFirst()
                .orElseThrow(() -> new NetworkException("no region on this machine"));
    }

    /** Whether a node of this name is one of this machine's. */
    boolean has(String name) {
        return known.containsKey(name);
    }

    /** Does it to the node's process. */
    void apply(Action.OnNode action) {
        String node = action.node();
        hurt = true;
        switch (action.kind()) {
            case KILL -> kill(process(node));
            case FREEZE -> {
                frozen.add(node);
                signal("-STOP", process(node));
            }
            case THAW -> {
                signal("-CONT", process(node));
                frozen.remove(node);
            }
            case STOP -> {
                stopped.add(node);
                launcher.run(List.of("stop", node)).mustWork("stop " + node);
            }
            case AWAIT -> awaitReady(node);
            case START -> {
                launcher.run(List.of("start", node)).mustWork("start " + node);
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

    /** The living process; a node that was killed gets a new one. */
    private ProcessHandle process(String name) {
        long deadline = System.nanoTime() + MOST.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<ProcessHandle> process =
                    Optional.ofNullable(known.get(name))
                            .flatMap(Node::process)
                            .filter(ProcessHandle::isAlive);
            if (process.isPresent()) {
                return process.get();
            }
            refresh();
            if (!has(name)) {
                throw new NetworkException("no node of this machine: " + name);
            }
        }
        throw new NetworkException("has no process for a minute: " + name);
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    private static void signal(String signal, ProcessHandle process) {
        try {
            int exit =
                    new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new NetworkException("kill %s %d failed".formatted(signal, process.pid()));
            }
        } catch (IOException e) {
            throw new NetworkException("kill cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }
}
