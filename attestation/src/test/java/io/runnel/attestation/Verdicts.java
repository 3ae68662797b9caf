package io.runnel.attestation;

import static org.junit.jupiter.api.Assertions.fail;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.util.List;

/** What tests say of verdicts. */
public final class Verdicts {
    private Verdicts() {}

    /** The facts. */
    public static <T> T facts(Verdict<T> verdict) {
        return switch (verdict) {
            case Verdict.Trusted<T>(T facts) -> facts;
            case Verdict.Rejected<T>(List<Rejection> why) -> fail("rejected: " + why);
        };
    }

    /** The reasons; none if it is trusted. */
    public static List<Reason> reasons(Verdict<?> verdict) {
        return switch (verdict) {
            case Verdict.Trusted<?> trusted -> List.of();
            case Verdict.Rejected<?>(List<Rejection> why) ->
                    why.stream().map(Rejection::reason).toList();
        };
    }
}
