package io.runnel.routing.api;

/** Why a request is not what the sender of a webhook signed. */
public enum WebhookFlaw {
    /** A header of the scheme is not there. */
    MISSING,

    /** A header is there more than once, or is not as the scheme has it. */
    MALFORMED,

    /** The signature is another secret's, or another body's. */
    WRONG,

    /** It is signed, but its time is further from now than is tolerated, on either side. */
    TOO_OLD,

    /** The secret is none that the scheme could have: its owner has to set it again. */
    BAD_SECRET
}
