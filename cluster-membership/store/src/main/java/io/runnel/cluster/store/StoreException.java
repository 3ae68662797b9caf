package io.runnel.cluster.store;

import java.io.Serial;

/** The store did not do what it was asked for. */
public final class StoreException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Code {
        /** A precondition does not hold; nothing was written. */
        CONFLICT,
        /** A record is none that feeds take; nothing was written. */
        MALFORMED,
        /** Other nodes have shut this one out; nothing was written. */
        FENCED,
        /** The records asked for are not here one by one: a snapshot is. */
        SNAPSHOT_NEEDED,
        /** This node has no authority that may sign records; nothing was written. */
        UNSIGNABLE,
        /** Too much work waits already; nothing was written. */
        OVERLOADED,
        /** The disk or the file is full; nothing was written. */
        FULL,
        /** The store is of a newer version of the program; it was left as it is. */
        NEWER_SCHEMA,
        /** Another process has the store open. */
        IN_USE,
        /** The file is no store, or another region's; it was left as it is. */
        NOT_THIS_STORE,
        /** What the file holds is not what was written: a backup has to take its place. */
        DAMAGED,
        /** The store is closed. */
        CLOSED,
        /** The disk or the engine failed; whether it was written shows when it is asked again. */
        FAILED
    }

    private final Code code;

    public StoreException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public StoreException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    static StoreException damaged(String message, Throwable cause) {
        return new StoreException(
                Code.DAMAGED, message + "; the store is damaged: restore a backup", cause);
    }

    public Code code() {
        return code;
    }

    /** Whether the same may succeed later, with nothing changed by the caller. */
    public boolean retryable() {
        return switch (code) {
            case OVERLOADED, FULL, IN_USE, FAILED, FENCED, UNSIGNABLE -> true;
            case CONFLICT,
                    MALFORMED,
                    SNAPSHOT_NEEDED,
                    NEWER_SCHEMA,
                    NOT_THIS_STORE,
                    DAMAGED,
                    CLOSED ->
                    false;
        };
    }
}
