package io.runnel.cluster.store;

import io.runnel.exec.task.TaskRef;

/** How many lines of a task's log were lost on their way. */
public record DroppedLines(TaskRef task, long lines) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if not positive
     */
    public DroppedLines {
        if (lines < 1) {
            throw new IllegalArgumentException("dropped lines must be positive: " + lines);
        }
    }
}
