package io.runnel.exec.isolate;

import java.util.List;

/** The limits of a runner, as they are told. */
final class NodeLimits {
    private static final String SLOTS = "'slots' of the node in the topology file";
    private static final String MEMORY = "'memory' of the node in the topology file";
    private static final String FIXED = "fixed";

    private NodeLimits() {}

    static List<NodeLimit> of(RunnerSettings settings, LoadReport now) {
        return List.of(
                new NodeLimit("slots", settings.slots(), "calls", SLOTS),
                new NodeLimit("slots-now", now.mostRunning(), "calls", SLOTS),
                new NodeLimit("queue", settings.queue(), "calls", FIXED),
                new NodeLimit("queue-now", now.mostWaiting(), "calls", SLOTS),
                new NodeLimit("longest-wait", settings.longestWait().toMillis(), "ms", FIXED),
                new NodeLimit("memory", settings.memory().bytes(), "bytes", MEMORY),
                new NodeLimit("warm-memory", settings.warm().bytes(), "bytes", MEMORY));
    }
}
