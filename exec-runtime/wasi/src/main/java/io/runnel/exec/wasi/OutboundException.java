package io.runnel.exec.wasi;

import java.io.Serial;

/** A guest's request that came to nothing; the message is for the task's owner. */
public final class OutboundException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Code {
        /** The task may not send there. */
        NOT_ALLOWED,
        /** A limit of the call or of the node. */
        LIMIT,
        /** No connection: no such name, nobody there, no trust. */
        UNREACHABLE,
        /** Nothing came in time. */
        TIMEOUT,
        /** What came is not HTTP, or it broke off. */
        BROKEN
    }

    private final Code code;

    /** Guests cause it at will: it has no stack trace. */
    public OutboundException(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
