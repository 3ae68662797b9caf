package io.runnel.cluster.replication;

import java.util.List;

/**
 * Lines that travel and arrive together.
 *
 * @param id the same when the batch is sent again: 1 to 200 of {@code A-Z a-z 0-9 . _ -}
 */
public record LogBatch(String id, List<LogLine> lines) {
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
