package io.runnel.routing.catalog;

import java.util.regex.Pattern;

/**
 * How far one origin's log is known.
 *
 * @param log the log's random name
 * @param seq of the last record known; 0 before the first
 * @param hash of that record, {@link HashChain#START} before the first; where the position came as
 *     text only its beginning, or {@link #NO_HASH}
 */
public record Position(String log, long seq, String hash) {
    /** Of a position that came as a text without any. */
    public static final String NO_HASH = "";

    /** How much of a hash stands in texts: enough that no two histories share it by chance. */
    public static final int SHORT_HASH_CHARACTERS = 16;

    private static final Pattern LOG = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern HASH =
            Pattern.compile("[0-9a-f]{" + SHORT_HASH_CHARACTERS + ",64}");

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

    /** As a hash stands in texts. */
    public String shortHash() {
        return hash.substring(0, Math.min(hash.length(), SHORT_HASH_CHARACTERS));
    }

    /** Whether the record here has this hash, as far as either is known. */
    public boolean agreesWith(String otherHash) {
        return hash.startsWith(otherHash) || otherHash.startsWith(hash);
    }

    /** Whether this log goes on to {@code earlier} or beyond, as far as hashes are known. */
    public boolean covers(Position earlier) {
        return log.equals(earlier.log)
                && (seq > earlier.seq || (seq == earlier.seq && agreesWith(earlier.hash)));
    }

    /** Whether this would be a hash, or the beginning of one: for text that comes from outside. */
    public static boolean isHash(String value) {
        return HASH.matcher(value).matches();
    }

    /** Whether this would be a log's name: for text that comes from outside. */
    public static boolean isLogName(String value) {
        return LOG.matcher(value).matches();
    }
}
