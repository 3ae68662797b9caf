package io.runnel.region.server.authority;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.document.MeasurementCheck;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.join.JoinNonces;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.policy.FactPolicy;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Policy;
import io.runnel.topology.Topology;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at what POPs show so that their keys are certified (RFC 5280, section 3: a registration
 * authority). What was done before it does not know: that is the log's. Safe for any thread.
 */
final class RegistrationAuthority {
    private static final String NO_SUCH_POP = "this region is none of such a POP";

    private final CertificateAuthority authority;
    private final RegionId region;
    private final Topology topology;
    private final ChainCheck chains;
    private final FactPolicy policy;
    private final MeasurementCheck measurements;
    private final JoinNonces nonces;
    private final InstantSource clock;

    /**
     * That of this authority.
     *
     * @param chains whose documents it believes: none of what was revoked
     */
    RegistrationAuthority(
            CertificateAuthority authority,
            RegionId region,
            Topology topology,
            ChainCheck chains,
            InstantSource clock) {
        this.authority = authority;
        this.region = region;
        this.topology = topology;
        this.chains = chains;
        this.policy = new FactPolicy(topology.required(Policy.Action.JOIN));
        this.measurements = new MeasurementCheck(chains);
        this.nonces = new JoinNonces(authority.key());
        this.clock = clock;
    }

    /** What a POP is to sign. */
    String nonce(PopId pop) {
        return nonces.next(identity(pop), clock.instant());
    }

    /** Whether this region is the POP's own, or takes over when that is away. */
    boolean isIts(PopId pop) {
        return topology.pop(pop).filter(its -> its.regions().contains(region)).isPresent();
    }

    Identity.Pop identity(PopId pop) {
        return new Identity.Pop(authority.identity().network(), pop);
    }

    /** What is to be thought of a request; hostile. */
    Claim check(PopId pop, JoinRequest asked) {
        Identity.Pop who = identity(pop);
        Instant now = clock.instant();
        if (!isIts(pop)) {
            return new Claim.Unsound(who, NO_SUCH_POP, false);
        }
        if (!nonces.isOf(asked.request().nonce(), who, now)) {
            return unsound(who, "the nonce is none of this authority, or too old");
        }
        Claim claim =
                switch (asked.proof()) {
                    case JoinProof.Token(String text) -> byToken(who, text, asked, now);
                    case JoinProof.Document(String jwt) -> byDocument(who, jwt, asked, now);
                };
        return switch (claim) {
            case Claim.Sound sound -> byPolicy(sound, asked, now);
            case Claim.Unsound unsound -> unsound;
        };
    }

    /** Last: who may not ask hears nothing of what is asked for. */
    private Claim byPolicy(Claim.Sound claim, JoinRequest asked, Instant now) {
        if (policy.asked().areNone()) {
            return claim;
        }
        // The new key's word alone: nobody has looked yet at what it shows of its supervisor.
        return switch (measurements.check(asked.evidence(), claim.who().uri(), now)) {
            case Verdict.Trusted<Instant> measured -> fitting(claim, asked);
            case Verdict.Rejected<Instant>(List<Rejection> why) ->
                    unsound(claim.who(), "the policy 'join': " + Rejection.text(why));
        };
    }

    private Claim fitting(Claim.Sound claim, JoinRequest asked) {
        return switch (policy.check(asked.evidence())) {
            case Verdict.Trusted<ObjectNode> relied -> claim;
            case Verdict.Rejected<ObjectNode>(List<Rejection> why) ->
                    unsound(claim.who(), "the policy 'join': " + Rejection.text(why));
        };
    }

    private static Claim unsound(Identity.Pop who, String why) {
        return new Claim.Unsound(who, why, true);
    }

    private Claim byToken(Identity.Pop who, String text, JoinRequest asked, Instant now) {
        return switch (JoinToken.read(text, authority.certificate().getPublicKey())) {
            case Verdict.Rejected<JoinToken>(List<Rejection> why) ->
                    unsound(who, "the join token: " + why.getFirst().reason().sentence());
            case Verdict.Trusted<JoinToken>(JoinToken token) ->
                    problem(token, who, now)
                            .map(why -> unsound(who, "the join token: " + why))
                            .orElseGet(
                                    () ->
                                            new Claim.Sound(
                                                    who,
                                                    AuditFact.Proof.ofToken(token.serial())
                                                            .by(hash(asked)),
                                                    Optional.of(token.issuedAt())));
        };
    }

    private Optional<String> problem(JoinToken token, Identity.Pop who, Instant now) {
        if (!token.authority().equals(authority.identity())) {
            return Optional.of("it is for another authority");
        }
        if (!token.node().equals(who)) {
            return Optional.of("it is for another POP");
        }
        if (token.issuedAt().isAfter(now.plus(CertificateAuthority.SKEW))) {
            return Optional.of("it is from the future");
        }
        return now.isBefore(token.notAfter())
                ? Optional.empty()
                : Optional.of("it ended at " + token.notAfter());
    }

    private Claim byDocument(Identity.Pop who, String jwt, JoinRequest asked, Instant now) {
        AtomicReference<X509Certificate> shown = new AtomicReference<>();
        DocumentVerifier verifier =
                new DocumentVerifier(
                        (chain, at) -> {
                            Verdict<Identity> verdict = chains.check(chain, at);
                            if (verdict instanceof Verdict.Trusted<Identity>) {
                                shown.set(chain.getFirst());
                            }
                            return verdict;
                        });
        var expected =
                new Asked(
                        Optional.of(authority.identity().uri()),
                        Optional.of(asked.request().nonce()));
        return switch (verifier.verify(jwt, List.of(), expected, now)) {
            case Verdict.Rejected<Believed>(List<Rejection> why) ->
                    unsound(who, "the document: " + why.getFirst().reason().sentence());
            case Verdict.Trusted<Believed>(Believed believed) ->
                    isFor(believed, who, asked)
                            ? new Claim.Sound(
                                    who,
                                    AuditFact.Proof.ofCertificate(shown.get()).by(hash(asked)),
                                    Optional.empty())
                            : unsound(who, "the document: it says nothing of this POP's new key");
        };
    }

    private static boolean isFor(Believed believed, Identity.Pop who, JoinRequest asked) {
        return believed.signer().equals(who)
                && believed.document().kind() == Kind.NODE
                && believed.facts().path(JoinRequest.NEXT_KEY).asText().equals(hash(asked));
    }

    private static String hash(JoinRequest asked) {
        return JoinRequest.hash(asked.request().key());
    }
}
