package io.runnel.cluster.replication;

import java.io.Serial;

/** What went wrong between two nodes. The message is for this node's log, never for a peer. */
public final class ReplicationException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What kind of accident. */
    public enum Code {
        /** A line is longer than any that is ever sent. */
        LINE_TOO_LONG(false),
        /** A line is not what the format says. */
        BAD_LINE(false),
        /** A record does not follow on the one before: others are missing between. */
        GAP(true),
        /** A record's hash is wrong, or it does not chain to the record before. */
        CHAIN_BROKEN(true),
        /** A record is not its origin's, or a snapshot is not all of it. */
        FORGED(true),
        /** A snapshot has more records or bytes than this node takes. */
        SNAPSHOT_TOO_LARGE(false),
        /** A snapshot ended otherwise than it said. */
        SNAPSHOT_BROKEN(true),
        /** No line came for longer than a source is ever silent. */
        SOURCE_SILENT(true),
        /** The peer answered with an error. */
        PEER_REFUSED(true),
        /** The connection failed, or ended before its time. */
        UNREACHABLE(true),
        /** This node's own store did not take what was delivered. */
        SINK_FAILED(true),
        /** No peer has this code. */
        CODE_ABSENT(true),
        /** What came is not what its digest says. */
        CODE_DAMAGED(true),
        /** A body is longer than allowed. */
        TOO_LARGE(false),
        /** It failed a short while ago and is not tried again yet. */
        BACKING_OFF(true),
        /** As much waits already as may wait. */
        QUEUE_FULL(true),
        /** This part is closed. */
        CLOSED(false);

        private final boolean retryable;

        Code(boolean retryable) {
            this.retryable = retryable;
        }
    }

    private final Code code;

    public ReplicationException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public ReplicationException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of accident. */
    public Code code() {
        return code;
    }

    /** Whether the same may succeed later. */
    public boolean retryable() {
        return code.retryable;
    }
}
