package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what a node says of who measured its software: {@code self}, which says nothing more, or
 * {@code supervisor}, and then it shows what that one signed, a document of kind {@link
 * Kind#MEASUREMENT}, of this node and this digest. Safe for any thread.
 */
public final class MeasurementCheck {
    /** The fact of a node's document that says what it runs. */
    public static final String SOFTWARE = "software";

    /** The digest, within that fact and within a measurement. */
    public static final String DIGEST = "digest";

    /** Who measured it, within that fact: one of the next two. */
    public static final String MEASURED_BY = "measuredBy";

    /** The node itself. */
    public static final String SELF = "self";

    /** Whoever started its process. */
    public static final String SUPERVISOR = "supervisor";

    /** When the process was started, in a measurement and in a node's document. */
    public static final String STARTED_AT = "startedAt";

    /** What the supervisor signed, as JWT, within that fact. */
    public static final String MEASUREMENT = "measurement";

    /** The longest JWT of a measurement that is read: they are half as long. */
    public static final int MOST_CHARACTERS = 8 << 10;

    private final ChainCheck chains;
    private final SignatureCheck signatures = new SignatureCheck();

    /** One that believes the supervisors that this believes. */
    public MeasurementCheck(ChainCheck chains) {
        this.chains = chains;
    }

    /**
     * Whether it is so. Where the software is withheld, or nothing is said of who measured it,
     * there is nothing to check.
     *
     * @param facts of the node; hostile
     * @param node the URI of the node that they are of
     * @return until when it may be relied on: {@link Instant#MAX} if nothing in it ends
     */
    public Verdict<Instant> check(ObjectNode facts, String node, Instant now) {
        JsonNode software = facts.path(SOFTWARE);
        JsonNode by = software.path(MEASURED_BY);
        boolean shows = software.has(MEASUREMENT);
        if (by.isMissingNode() && !shows) {
            return Verdict.trusted(Instant.MAX);
        }
        return switch (by.isTextual() ? by.textValue() : "") {
            case SELF ->
                    shows
                            ? wrong("the node measured itself and shows a measurement")
                            : Verdict.trusted(Instant.MAX);
            case SUPERVISOR -> measured(software, node, now);
            default -> wrong("neither the node nor its supervisor is said to have measured it");
        };
    }

    private static <T> Verdict<T> wrong(String which) {
        return Verdict.rejected(Reason.MEASUREMENT_WRONG, which);
    }

    private Verdict<Instant> measured(JsonNode software, String node, Instant now) {
        JsonNode jwt = software.path(MEASUREMENT);
        if (!jwt.isTextual()) {
            return wrong("there is no measurement");
        }
        return switch (read(jwt.textValue(), node, now)) {
            case Verdict.Rejected<Measurement>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<Measurement>(Measurement its) ->
                    software.path(DIGEST).asText().equals(its.digest())
                            ? Verdict.trusted(its.notAfter())
                            : wrong("it is of another digest");
        };
    }

    /**
     * What a supervisor measured.
     *
     * @param digest of the software
     * @param startedAt when it was about to start the process
     * @param notAfter until when it counts
     */
    public record Measurement(String digest, Instant startedAt, Instant notAfter) {}

    /**
     * What one says, if it is to be believed.
     *
     * @param jwt hostile
     * @param node the URI of the node that it must be of
     */
    public Verdict<Measurement> read(String jwt, String node, Instant now) {
        if (jwt.length() > MOST_CHARACTERS) {
            return wrong("%d characters".formatted(jwt.length()));
        }
        return switch (read(jwt, now)) {
            case Verdict.Rejected<IdentityDocument>(List<Rejection> why) ->
                    wrong(why.getFirst().coded());
            case Verdict.Trusted<IdentityDocument>(IdentityDocument its) -> {
                if (!its.fact(IdentityDocument.NODE).asText().equals(node)) {
                    yield wrong("it is of " + its.fact(IdentityDocument.NODE).asText());
                }
                yield measurement(its);
            }
        };
    }

    private static Verdict<Measurement> measurement(IdentityDocument its) {
        JsonNode digest = its.fact(DIGEST);
        if (!digest.isTextual()) {
            return wrong("it is of no digest");
        }
        try {
            Instant startedAt = Instant.parse(its.fact(STARTED_AT).asText());
            return Verdict.trusted(new Measurement(digest.textValue(), startedAt, its.notAfter()));
        } catch (DateTimeParseException e) {
            return wrong("it does not say when the process was started");
        }
    }

    /** As any document is checked, but that nothing within it is followed. */
    private Verdict<IdentityDocument> read(String text, Instant now) {
        return switch (JwtSignature.read(text)) {
            case Verdict.Rejected<JwtSignature>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<JwtSignature>(JwtSignature signed) ->
                    switch (chains.check(signed.chain(), now)) {
                        case Verdict.Rejected<Identity>(List<Rejection> why) ->
                                new Verdict.Rejected<>(why);
                        case Verdict.Trusted<Identity>(Identity signer) ->
                                signed.isValid(signatures)
                                        ? sound(signed.document(), signer, now)
                                        : Verdict.rejected(Reason.SIGNATURE_WRONG, signer.uri());
                    };
        };
    }

    private static Verdict<IdentityDocument> sound(
            IdentityDocument document, Identity signer, Instant now) {
        List<Rejection> why = new ArrayList<>();
        if (document.kind() != Kind.MEASUREMENT) {
            why.add(new Rejection(Reason.MALFORMED, "it is no measurement"));
        }
        DocumentVerifier.askSigner(document, signer, why);
        DocumentVerifier.askTime(document, now, why);
        DocumentVerifier.askAsked(document.asked(), Asked.NOTHING, why);
        askItself(document, why);
        return why.isEmpty() ? Verdict.trusted(document) : new Verdict.Rejected<>(why);
    }

    /** There is none within another. */
    static void askItself(IdentityDocument measurement, List<Rejection> why) {
        if (!measurement.fact(SOFTWARE).isMissingNode() || !measurement.withheld().isEmpty()) {
            why.add(
                    new Rejection(
                            Reason.MEASUREMENT_WRONG, "a measurement says and hides nothing else"));
        }
    }
}
