package io.runnel.exec.http;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.signature.SignatureV4;
import io.runnel.exec.task.CredentialFlaw;
import io.vertx.core.MultiMap;

/** What a caller shows to prove who it is. */
public sealed interface Credentials {
    /** Nothing that is meant for us. */
    record None() implements Credentials {}

    /** A key of ours, not checked yet. */
    record Bearer(BearerToken token) implements Credentials {}

    /** A request that a key of ours is said to have signed, not checked yet. */
    record Signed(SignatureV4 signature) implements Credentials {}

    /** Meant for us, but broken, contradictory or of a kind that is not supported. */
    record Malformed() implements Credentials {}

    /** Why they prove nobody, where that is all that is known of them. */
    default CredentialFlaw flaw() {
        return switch (this) {
            case None none -> CredentialFlaw.MISSING;
            case Malformed malformed -> CredentialFlaw.INCOMPLETE;
            case Bearer bearer -> CredentialFlaw.UNKNOWN;
            case Signed signed -> CredentialFlaw.UNKNOWN;
        };
    }

    /**
     * Reads {@code Runnel-Key} and {@code Authorization}, or what a presigned query says.
     *
     * @param query as it came, without the question mark
     */
    static Credentials of(MultiMap headers, String query) {
        return CredentialHeaders.read(headers, query);
    }

    /** Reads {@code Runnel-Key} and {@code Authorization}. */
    static Credentials of(MultiMap headers) {
        return CredentialHeaders.read(headers);
    }
}
