package io.runnel.attestation.certificate;

import java.io.Serial;

/** A text of keys and certificates that cannot be used. The message holds no secret. */
public final class PemException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Code {
        /** It does not hold what it should. */
        MALFORMED,
        /** Its key is encrypted, and the passphrase is missing or another one. */
        PASSPHRASE
    }

    private final Code code;

    PemException(Code code, String message) {
        super(message);
        this.code = code;
    }

    PemException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What is wrong. */
    public Code code() {
        return code;
    }

    /** Whether the same may go well later without anybody's doing: never. */
    public boolean retryable() {
        return false;
    }
}
