package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Checks documents that may come from anybody, with nothing but a root's certificate: form, chain,
 * signature over the very bytes, then all that the document says of itself. Asks nobody. Safe for
 * any thread.
 */
public final class DocumentVerifier {
    private final ChainCheck chains;
    private final SignatureCheck signatures = new SignatureCheck();
    private final MeasurementCheck measurements;

    /** One that believes who this believes. */
    public DocumentVerifier(ChainCheck chains) {
        this.chains = chains;
        this.measurements = new MeasurementCheck(chains);
    }

    /**
     * Checks a document with its CMS signature.
     *
     * @param expected the audience must be the document's, none if it has none; the nonce is asked
     *     for only if there is one
     */
    public Verdict<Believed> verify(SignedDocument presented, Asked expected, Instant now) {
        byte[] json = presented.json();
        return switch (DocumentReader.read(json)) {
            case Verdict.Rejected<IdentityDocument>(List<Rejection> why) ->
                    new Verdict.Rejected<>(why);
            case Verdict.Trusted<IdentityDocument>(IdentityDocument document) ->
                    switch (CmsSignature.read(json, presented.cms())) {
                        case Verdict.Rejected<CmsSignature>(List<Rejection> why) ->
                                new Verdict.Rejected<>(why);
                        case Verdict.Trusted<CmsSignature>(CmsSignature cms) ->
                                verify(
                                        document,
                                        chains.check(cms.chain(), now),
                                        () -> cms.isValid(signatures),
                                        presented.disclosures(),
                                        expected,
                                        now);
                    };
        };
    }

    /**
     * Checks a document as JWT.
     *
     * @param disclosures of what it withholds
     * @param expected as for the other form
     */
    public Verdict<Believed> verify(
            String jwt, List<Disclosure> disclosures, Asked expected, Instant now) {
        return switch (JwtSignature.read(jwt)) {
            case Verdict.Rejected<JwtSignature>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<JwtSignature>(JwtSignature signed) ->
                    verify(
                            signed.document(),
                            chains.check(signed.chain(), now),
                            () -> signed.isValid(signatures),
                            disclosures,
                            expected,
                            now);
        };
    }

    private Verdict<Believed> verify(
            IdentityDocument document,
            Verdict<Identity> holder,
            BooleanSupplier signature,
            List<Disclosure> disclosures,
            Asked expected,
            Instant now) {
        return switch (holder) {
            case Verdict.Rejected<Identity>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<Identity>(Identity signer) -> {
                if (!signature.getAsBoolean()) {
                    yield Verdict.rejected(Reason.SIGNATURE_WRONG, signer.uri());
                }
                List<Rejection> why = new ArrayList<>();
                askSigner(document, signer, why);
                askTime(document, now, why);
                askAsked(document.asked(), expected, why);
                ObjectNode facts = document.subject();
                disclose(document, disclosures, facts, why);
                Instant until = askMeasurement(document, facts, now, why);
                yield why.isEmpty()
                        ? Verdict.trusted(new Believed(document, signer, facts, until))
                        : new Verdict.Rejected<>(why);
            }
        };
    }

    static void askSigner(IdentityDocument document, Identity signer, List<Rejection> why) {
        if (!document.issuer().equals(signer) || !maySpeak(document, signer)) {
            why.add(new Rejection(Reason.SIGNER_IS_NOT_SUBJECT, signer.uri()));
        }
    }

    /** A node of itself and of what runs on it; a supervisor of the nodes of its network. */
    private static boolean maySpeak(IdentityDocument document, Identity signer) {
        String node = document.fact(IdentityDocument.NODE).asText();
        return switch (document.kind()) {
            case NODE, INSTANCE -> isNode(signer) && node.equals(signer.uri());
            case MEASUREMENT ->
                    signer instanceof Identity.Supervisor
                            && Identity.parse(node)
                                    .filter(DocumentVerifier::isNode)
                                    .filter(its -> its.network().equals(signer.network()))
                                    .isPresent();
        };
    }

    private static boolean isNode(Identity who) {
        return who instanceof Identity.RegionNode || who instanceof Identity.Pop;
    }

    /** Until when it counts. */
    private Instant askMeasurement(
            IdentityDocument document, ObjectNode facts, Instant now, List<Rejection> why) {
        if (document.kind() == Kind.MEASUREMENT) {
            MeasurementCheck.askItself(document, why);
            return document.notAfter();
        }
        String node = document.fact(IdentityDocument.NODE).asText();
        return switch (measurements.check(facts, node, now)) {
            case Verdict.Trusted<Instant>(Instant until) ->
                    until.isBefore(document.notAfter()) ? until : document.notAfter();
            case Verdict.Rejected<Instant>(List<Rejection> wrong) -> {
                why.addAll(wrong);
                yield document.notAfter();
            }
        };
    }

    static void askTime(IdentityDocument document, Instant now, List<Rejection> why) {
        Instant issuedAt = document.issuedAt();
        if (document.notAfter().isAfter(issuedAt.plus(IdentityDocument.LIFE))) {
            why.add(new Rejection(Reason.LIVES_TOO_LONG, "until " + document.notAfter()));
        }
        if (issuedAt.isAfter(now.plus(CertificateAuthority.SKEW))) {
            why.add(new Rejection(Reason.NOT_YET_VALID, "issued at " + issuedAt));
        }
        if (!now.isBefore(document.notAfter())) {
            why.add(new Rejection(Reason.EXPIRED, "since " + document.notAfter()));
        }
    }

    static void askAsked(Asked said, Asked expected, List<Rejection> why) {
        if (!said.audience().equals(expected.audience())) {
            why.add(new Rejection(Reason.AUDIENCE_WRONG, said.audience().orElse("for everybody")));
        }
        if (expected.nonce().isPresent() && !said.nonce().equals(expected.nonce())) {
            why.add(
                    said.nonce().isEmpty()
                            ? new Rejection(Reason.NONCE_MISSING, "none")
                            : new Rejection(Reason.NONCE_WRONG, said.nonce().get()));
        }
    }

    private static void disclose(
            IdentityDocument document,
            List<Disclosure> disclosures,
            ObjectNode facts,
            List<Rejection> why) {
        for (Disclosure disclosure : disclosures) {
            if (!document.withheld().contains(disclosure.hash())) {
                why.add(new Rejection(Reason.DISCLOSURE_WRONG, disclosure.name()));
            } else if (facts.has(disclosure.name())) {
                why.add(new Rejection(Reason.SHOWN_ALREADY, disclosure.name()));
            } else {
                facts.set(disclosure.name(), disclosure.value());
            }
        }
    }
}
