package io.runnel.region.server;

import java.io.Serial;

/** A backup that was not made or not restored; the message is for an operator. */
final class BackupException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** Why. */
    enum Code {
        /** The file to be written is there already. */
        EXISTS,
        /** The file is not what was written, or no backup at all. */
        DAMAGED,
        /** It is a backup, but not of this region. */
        FOREIGN,
        /** The key that the store's secrets are sealed by is not here. */
        NO_KEY
    }

    private final Code code;

    BackupException(Code code, String message) {
        super(message);
        this.code = code;
    }

    BackupException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    Code code() {
        return code;
    }

    /** Always false: the same is refused again. */
    boolean retryable() {
        return false;
    }
}
