package io.runnel.routing.catalog;

import java.util.regex.Pattern;

/**
 * How far one origin's log is known.
 *
 * @param log the log's random name
 * @param seq of the last record known; 0 before the first
 * @param hash of that record, {@link HashChain#START} before the first; {@link #NO_HASH} where the
 *     position came as text
 */
public record Position(String log, long seq, String hash) {
    /** Of a position that came as text. */
    public static final String NO_HASH = "";

    private static final Pattern LOG = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the log is no name or the number is negative
     */
    public Position {
        if (!isLogName(log)) {
            throw new IllegalArgumentException("log must be 1 to 64 of A-Z, a-z, 0-9, _ and -");
        }
        if (seq < 0) {
            throw new IllegalArgumentException("sequence number must not be negative: " + seq);
        }
    }

    /** Before the first record of this log. */
    public static Position start(String log) {
        return new Position(log, 0, HashChain.START);
    }

    /** Where this record leads to. */
    public static Position of(FeedRecord record) {
        return new Position(record.log(), record.seq(), record.hash());
    }

    /** Whether this would be a log's name: for text that comes from outside. */
    public static boolean isLogName(String value) {
        return LOG.matcher(value).matches();
    }
}
