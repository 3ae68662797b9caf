package io.runnel.cluster.replication;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;

/**
 * One line that a task wrote to standard error.
 *
 * @param at when, by the node's clock, in milliseconds
 * @param node where it ran
 * @param text without its line end
 */
public record LogLine(TaskRef task, RequestId request, Instant at, NodeName node, String text) {
    /** A longer text is cut: what a whole call may write. */
    public static final int MOST_CHARACTERS = 64 * 1024;

    /** Cuts the text to {@link #MOST_CHARACTERS}. */
    public LogLine {
        text = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
    }
}
