package io.runnel.attestation.federation;

/** A token is not believed. */
public final class ForeignTokenException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean isItsIssuers;

    private ForeignTokenException(String message, boolean isItsIssuers) {
        super(message);
        this.isItsIssuers = isItsIssuers;
    }

    /** It is not of its issuer, or nothing at all: whoever brought it may be anybody. */
    static ForeignTokenException forged(String why) {
        return new ForeignTokenException(why, false);
    }

    /** It is its issuer's, and not good for this. */
    static ForeignTokenException unfit(String why) {
        return new ForeignTokenException(why, true);
    }

    /** Whether the issuer signed it. */
    public boolean isItsIssuers() {
        return isItsIssuers;
    }
}
