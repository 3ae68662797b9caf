package io.runnel.cluster.store;

import java.util.List;

/**
 * Some of a task's log, oldest first.
 *
 * @param droppedLines how many lines of the task were dropped before their age, for want of room,
 *     or never came; in all
 */
public record LogPage(List<Entry> entries, long droppedLines) {
    public LogPage {
        entries = List.copyOf(entries);
    }

    /**
     * A line that is kept.
     *
     * @param id rises with each line of the store; where to go on reading
     */
    public record Entry(long id, TaskLogLine line) {}
}
