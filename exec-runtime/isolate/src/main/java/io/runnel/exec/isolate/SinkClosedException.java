package io.runnel.exec.isolate;

import java.io.Serial;

/** No more output is wanted; the guest is to end at once. */
public final class SinkClosedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** Why no more is wanted. */
    public enum Reason {
        /** The limit of output is reached. */
        LIMIT,
        /** The reader went away. */
        GONE
    }

    private final Reason reason;

    /** Without a stack trace: it is an expected end, made by hostile guests at will. */
    public SinkClosedException(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
