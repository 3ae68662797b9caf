package io.runnel.exec.http;

import io.runnel.exec.task.CredentialFlaw;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One occurrence of a problem.
 *
 * @param detail more, for the caller's eyes: never internal text, never what came from outside
 * @param retryAfterSeconds for {@code Retry-After}
 * @param flaw of what the caller showed, for {@link ErrorShape#LAMBDA} alone
 */
public record Problem(
        ProblemCode code,
        Optional<String> detail,
        OptionalInt retryAfterSeconds,
        Optional<CredentialFlaw> flaw) {
    private static final int SOON_SECONDS = 1;

    /** A problem of which there is no more to say; what passes may be tried again in a second. */
    public static Problem of(ProblemCode code) {
        boolean passes = code instanceof ErrorCode known && known.passes();
        return new Problem(
                code,
                Optional.empty(),
                passes ? OptionalInt.of(SOON_SECONDS) : OptionalInt.empty(),
                Optional.empty());
    }

    /** That what the caller showed proves nothing; a problem document does not say why. */
    public static Problem of(CredentialFlaw flaw) {
        return new Problem(
                ErrorCode.UNAUTHENTICATED,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(flaw));
    }

    /** This problem with a detail for the caller. */
    public Problem withDetail(String text) {
        return new Problem(code, Optional.of(text), retryAfterSeconds, flaw);
    }

    /** This problem with another time to wait. */
    public Problem withRetryAfter(int seconds) {
        return new Problem(code, detail, OptionalInt.of(seconds), flaw);
    }
}
