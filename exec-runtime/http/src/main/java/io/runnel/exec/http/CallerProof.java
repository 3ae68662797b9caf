package io.runnel.exec.http;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.KeyId;
import io.runnel.exec.task.Caller;

import java.util.Optional;
import java.util.function.Function;

/** Who calls: proved, or refuted. */
public sealed interface CallerProof {
    /** The caller is this one, {@link Caller#ANONYMOUS} if nothing was shown. */
    record Proved(Caller caller) implements CallerProof {}

    /** What was shown proves nothing: the answer is 401, whatever the path. */
    record BadCredentials() implements CallerProof {}

    /** Nothing was shown. */
    CallerProof ANONYMOUS = new Proved(Caller.ANONYMOUS);

    /** Something was shown, and it is wrong. */
    CallerProof BAD = new BadCredentials();

    /** Checks what was shown against what is known of the key. Pure; some hashing, no I/O. */
    static CallerProof check(
            Credentials credentials, Function<KeyId, Optional<KeyFacts>> knownKeys) {
        return switch (credentials) {
            case Credentials.None none -> ANONYMOUS;
            case Credentials.Malformed malformed -> BAD;
            // Nobody has asked whether the key made it.
            case Credentials.Signed signed -> BAD;
            case Credentials.Bearer(BearerToken token) -> check(token, knownKeys.apply(token.id()));
        };
    }

    private static CallerProof check(BearerToken token, Optional<KeyFacts> known) {
        boolean matches = token.matches(known.map(KeyFacts::secretSha256).orElse(""));
        return matches && known.isPresent()
                ? new Proved(new Caller.Keyed(known.get().account(), token.id().value()))
                : BAD;
    }
}
