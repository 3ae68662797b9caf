package io.runnel.cluster.replication;

import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;

/**
 * One line that a task wrote to standard error.
 *
 * @param at when, by the node's clock, in milliseconds
 * @param node where it ran: {@code pop/ams} or {@code region/eu-west/eu-west-1}
 * @param text without its line end
 */
public record LogLine(TaskRef task, RequestId request, Instant at, String node, String text) {
    /** A longer text is cut: what a whole call may write, and a mark. */
    public static final int MOST_CHARACTERS = 66 * 1024;

    /** The longest name of a place. */
    public static final int MOST_NODE_CHARACTERS = 140;

    /**
     * Checks the place, and cuts the text.
     *
     * @throws IllegalArgumentException if the place is too long
     */
    public LogLine {
        if (node.length() > MOST_NODE_CHARACTERS) {
            throw new IllegalArgumentException(
                    "node of a log line must have at most %d characters: %d"
                            .formatted(MOST_NODE_CHARACTERS, node.length()));
        }
        text = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
    }
}
