package io.runnel.exec.http;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One occurrence of a problem.
 *
 * @param detail more, for the caller's eyes: never internal text, never what came from outside
 * @param retryAfterSeconds for {@code Retry-After}
 */
public record Problem(ProblemCode code, Optional<String> detail, OptionalInt retryAfterSeconds) {
    private static final int SOON_SECONDS = 1;

    /** A problem of which there is no more to say; what passes may be tried again in a second. */
    public static Problem of(ProblemCode code) {
        boolean passes = code instanceof ErrorCode known && known.passes();
        return new Problem(
                code,
                Optional.empty(),
                passes ? OptionalInt.of(SOON_SECONDS) : OptionalInt.empty());
    }

    /** This problem with a detail for the caller. */
    public Problem withDetail(String text) {
        return new Problem(code, Optional.of(text), retryAfterSeconds);
    }

    /** This problem with another time to wait. */
    public Problem withRetryAfter(int seconds) {
        return new Problem(code, detail, OptionalInt.of(seconds));
    }
}
