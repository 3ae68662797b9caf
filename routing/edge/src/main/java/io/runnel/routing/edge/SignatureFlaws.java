package io.runnel.routing.edge;

import io.runnel.attestation.signature.SignedRequestCheck;
import io.runnel.exec.task.CredentialFlaw;
import io.runnel.exec.task.CredentialFlaw.Kind;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What is told of a signature that is not looked at any further, as AWS says it. Pure. */
final class SignatureFlaws {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private SignatureFlaws() {}

    static CredentialFlaw of(SignedRequestCheck.Flaw flaw, SignedRequestCheck check, Instant now) {
        return switch (flaw) {
            case NO_TIME -> incomplete("X-Amz-Date must be a time such as 20260830T123600Z.");
            case EXPIRED -> invalid(expired(check, now));
            case NOT_YET ->
                    invalid(
                            "Signature not yet current: %s is still later than %s (%s + 5 min.)"
                                    .formatted(
                                            begin(check),
                                            TIME.format(now.plus(SignedRequestCheck.SKEW)),
                                            TIME.format(now)));
            case OTHER_DAY ->
                    invalid("The date in Credential's scope does not match that of X-Amz-Date.");
            case OTHER_SERVICE ->
                    invalid("Credential should be scoped to correct service: 'lambda'.");
            case HEADER_NOT_SIGNED ->
                    incomplete(
                            "SignedHeaders must name 'host' and each x-amz-* header, and no other"
                                    + " that did not come.");
            case SESSION -> CredentialFlaw.UNKNOWN;
            case NO_HASH ->
                    incomplete(
                            "X-Amz-Content-Sha256 must be the SHA-256 of the body: neither"
                                    + " UNSIGNED-PAYLOAD nor STREAMING-* are taken here.");
        };
    }

    private static String expired(SignedRequestCheck check, Instant now) {
        return check.shown().presigned().isPresent()
                ? "Signature expired: %s is now earlier than %s"
                        .formatted(end(check), TIME.format(now))
                : "Signature expired: %s is now earlier than %s (%s - 5 min.)"
                        .formatted(
                                begin(check),
                                TIME.format(now.minus(SignedRequestCheck.SKEW)),
                                TIME.format(now));
    }

    private static String begin(SignedRequestCheck check) {
        return check.time().map(TIME::format).orElse("");
    }

    private static String end(SignedRequestCheck check) {
        return check.end().map(TIME::format).orElse("");
    }

    private static CredentialFlaw incomplete(String sentence) {
        return new CredentialFlaw(Kind.INCOMPLETE, sentence);
    }

    private static CredentialFlaw invalid(String sentence) {
        return new CredentialFlaw(Kind.INVALID, sentence);
    }
}
