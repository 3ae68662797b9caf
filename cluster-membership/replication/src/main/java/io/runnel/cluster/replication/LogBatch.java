package io.runnel.cluster.replication;

import io.runnel.exec.task.TaskRef;

import java.util.List;
import java.util.Map;

/**
 * What travels of logs together, and arrives together.
 *
 * @param id the same when the batch is sent again: 1 to 200 of {@code A-Z a-z 0-9 . _ -}
 * @param droppedLines how many lines of which tasks were lost before these
 */
public record LogBatch(String id, List<LogLine> lines, Map<TaskRef, Long> droppedLines) {
    private static final int MOST_ID_CHARACTERS = 200;

    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException if it is none
     */
    public LogBatch {
        if (!isId(id)) {
            throw new IllegalArgumentException("batch id must be 1 to 200 of A-Z a-z 0-9 . _ -");
        }
        lines = List.copyOf(lines);
        droppedLines = Map.copyOf(droppedLines);
    }

    static boolean isId(String id) {
        return !id.isEmpty()
                && id.length() <= MOST_ID_CHARACTERS
                && id.chars().allMatch(LogBatch::isIdCharacter);
    }

    private static boolean isIdCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
