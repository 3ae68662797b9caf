package io.runnel.region.cli.supervisor;

import io.runnel.exec.task.NodeName;

import java.time.Instant;

/**
 * Something that happened to a node, for the log and for whoever watches.
 *
 * @param at by the wall clock
 * @param phase what the node is in now
 * @param text what happened, in one line, without the node's name
 */
public record SupervisorEvent(Instant at, NodeName node, NodePhase phase, String text) {
    /** {@code 2026-11-23T15:00:00Z ams ready after 1.2 s}. */
    @Override
    public String toString() {
        return "%s %s %s".formatted(at, node, text);
    }
}
