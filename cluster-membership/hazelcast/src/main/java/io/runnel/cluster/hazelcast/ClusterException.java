package io.runnel.cluster.hazelcast;

import java.io.Serial;

/** A cluster that cannot be taken part in. */
public final class ClusterException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        /** The member cannot listen at its address. */
        CANNOT_LISTEN,
        /** The member failed to start for another reason; it is in the log. */
        CANNOT_START
    }

    private final Code code;

    ClusterException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** Whether the same might succeed later: an address may become free. */
    public boolean retryable() {
        return code == Code.CANNOT_LISTEN;
    }
}
