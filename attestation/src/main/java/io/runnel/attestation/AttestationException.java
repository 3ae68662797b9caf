package io.runnel.attestation;

import java.io.Serial;

/** A file of secrets that cannot be used. The message names the file and never a secret. */
public final class AttestationException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Code {
        /** It is not there. */
        ABSENT,
        /** It cannot be read. */
        UNREADABLE,
        /** It cannot be written: the disk is full, the folder is another's. */
        UNWRITABLE,
        /** Others than its owner may read it. */
        OPEN_TO_OTHERS,
        /** It does not hold what it should. */
        MALFORMED
    }

    private final Code code;

    AttestationException(Code code, String message) {
        super(message);
        this.code = code;
    }

    AttestationException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What is wrong. */
    public Code code() {
        return code;
    }

    /** Whether the same may go well later without anybody's doing. */
    public boolean retryable() {
        return code == Code.UNWRITABLE;
    }
}
