package io.runnel.exec.task;

/**
 * Why what a caller showed proves nothing. Whoever calls as clients of AWS Lambda do is told; it
 * says nothing of what was called.
 *
 * @param sentence for the caller's eyes: nothing in it but times came from outside
 */
public record CredentialFlaw(Kind kind, String sentence) {
    /** There is nothing to look at. */
    public static final CredentialFlaw MISSING =
            new CredentialFlaw(Kind.MISSING, "Missing Authentication Token");

    /** What came has not the form. */
    public static final CredentialFlaw INCOMPLETE =
            new CredentialFlaw(
                    Kind.INCOMPLETE, "The credentials, or the signature, are not well formed.");

    /** Nobody has this key, or not this secret. */
    public static final CredentialFlaw UNKNOWN =
            new CredentialFlaw(
                    Kind.UNKNOWN, "The security token included in the request is invalid.");

    /** The key did not sign this. */
    public static final CredentialFlaw MISMATCH =
            new CredentialFlaw(
                    Kind.INVALID,
                    "The request signature we calculated does not match the signature you"
                            + " provided. Check your AWS Secret Access Key and signing method."
                            + " Consult the service documentation for details.");

    /** What is to be done about it. */
    public enum Kind {
        /** Show a key, or sign. */
        MISSING,
        /** Write it as it has to be written. */
        INCOMPLETE,
        /** Take another key. */
        UNKNOWN,
        /** Sign again: with the right secret, at the right time. */
        INVALID
    }
}
