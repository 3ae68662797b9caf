package io.runnel.attestation.identity;

/** Why something is not believed: one word for machines, one sentence for people. */
public enum Reason {
    TOO_LARGE("it is larger than such a thing may be"),
    TOO_DEEP("it is nested deeper than such a thing may be"),
    MALFORMED("it is not of the form"),
    DUPLICATE_KEY("it says the same key twice"),
    NUMBER_OUT_OF_RANGE("a number in it is none that everybody reads alike"),
    NOT_CANONICAL("it is not written in the one way to write it"),
    TRAILING_DATA("something follows after its end"),
    UNKNOWN_SCHEMA("its schema is not known here"),
    UNSIGNED("it bears no signature"),
    SEVERAL_SIGNERS("it bears more than one signature"),
    UNSIGNED_ATTRIBUTES("it carries attributes that nobody signed"),
    ALGORITHM_NOT_ALLOWED("it is signed in a way that is not accepted"),
    SIGNATURE_WRONG("its signature is not of what it says"),
    NONCE_MISSING("it does not bear the nonce that was asked for"),
    NONCE_WRONG("it bears another nonce than was asked for"),
    AUDIENCE_WRONG("it was made for somebody else"),
    EXPIRED("it is too old"),
    NOT_YET_VALID("it is from the future"),
    LIVES_TOO_LONG("it says that it is valid for longer than such a thing may be"),
    ISSUER_UNKNOWN("its chain does not lead to a root that is trusted"),
    CHAIN_TOO_LONG("its chain is longer than it may be"),
    NOT_AN_AUTHORITY("one in its chain may not certify"),
    NAME_NOT_ALLOWED("one in its chain may not certify this name"),
    KEY_USAGE_WRONG("its key may not be used for this"),
    REVOKED("it was revoked"),
    REVOCATION_UNKNOWN("whether it was revoked cannot be told"),
    SIGNER_IS_NOT_SUBJECT("who signed it may not speak of whom it speaks of"),
    DISCLOSURE_WRONG("what is disclosed is not what was signed"),
    SHOWN_ALREADY("what is disclosed is shown already"),
    MEASUREMENT_WRONG("what it says of who measured its software is not so"),
    RUN_OVER("the run that it speaks of is over"),
    FACT_MISSING("a fact is not there that is asked for"),
    FACT_NOT_ALLOWED("a fact is not as it must be");

    private final String sentence;

    Reason(String sentence) {
        this.sentence = sentence;
    }

    /** In lower case, with hyphens: what a machine reads. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** What a person reads; says nothing of what was expected instead. */
    public String sentence() {
        return sentence;
    }
}
