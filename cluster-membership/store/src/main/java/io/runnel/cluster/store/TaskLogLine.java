package io.runnel.cluster.store;

import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;

/**
 * One line that a task wrote to standard error.
 *
 * @param at when it was written, by the clock of the node that ran it, in milliseconds
 * @param node where: {@code pop/ams} or {@code region/eu-west/eu-west-1}
 */
public record TaskLogLine(TaskRef task, RequestId request, Instant at, String node, String text) {
    /** The longest text: what a call may write, and the mark where the rest was dropped. */
    public static final int MOST_TEXT_CHARACTERS = 66 * 1024;

    /** The longest name of a place. */
    public static final int MOST_NODE_CHARACTERS = 140;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a text is too long
     */
    public TaskLogLine {
        if (text.length() > MOST_TEXT_CHARACTERS || node.length() > MOST_NODE_CHARACTERS) {
            throw new IllegalArgumentException(
                    "log line of %s must be at most %d characters: %d"
                            .formatted(task, MOST_TEXT_CHARACTERS, text.length()));
        }
    }
}
