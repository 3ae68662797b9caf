package io.runnel.routing.catalog;

import java.io.Serial;

/** A record, a list of them or a text that the catalog does not take. Nothing of it is applied. */
public final class CatalogException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Code {
        /** Not of the form that it should have. */
        MALFORMED,
        /** The content is not what the hash says. */
        TAMPERED,
        /** Its origin did not sign it, or nobody can tell. */
        FORGED,
        /** There is nothing to sign it with. */
        UNSIGNABLE,
        /** A record is missing before this one, or it came a second time. */
        GAP,
        /** It does not follow the record that is known before it: two histories of one log. */
        BROKEN_CHAIN,
        /** It is of another log of the same origin than the known one. */
        UNKNOWN_LOG;

        /** Whether a snapshot of the origin would help. */
        public boolean curedBySnapshot() {
            return switch (this) {
                case GAP, BROKEN_CHAIN, UNKNOWN_LOG -> true;
                case MALFORMED, TAMPERED, FORGED, UNSIGNABLE -> false;
            };
        }
    }

    private final Code code;

    public CatalogException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public CatalogException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** Always false: the same input is refused again. */
    public boolean retryable() {
        return false;
    }
}
