package io.runnel.attestation.document;

import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.EU_1;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a node says of who measured its software. */
class MeasurementCheckTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String OTHER = "sha256:" + "b".repeat(64);
    private static final Identity HOST = new Identity.Supervisor("net", new NodeName("host"));

    private final TestNetwork net = new TestNetwork();
    private final DocumentSigner node = new DocumentSigner(net.ams, net.random);
    private final DocumentSigner host = signer(net.node(net.eu, HOST));
    private final DocumentVerifier verifier = new DocumentVerifier(net.verifier);

    private DocumentSigner signer(CertifiedKey key) {
        return new DocumentSigner(key, net.random);
    }

    private String measurement(Identity of, String digest, Instant at) {
        Instant startedAt = NOW;
        return host.signAsJwt(host.measurement(of, digest, startedAt, at));
    }

    private static ObjectNode software(String measuredBy) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("digest", DIGEST)
                .put("measuredBy", measuredBy);
    }

    private static ObjectNode software(String measuredBy, String measurement) {
        return software(measuredBy).put("measurement", measurement);
    }

    private static ObjectNode facts(JsonNode software) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("role", "pop");
        facts.set("software", software);
        return facts;
    }

    private Verdict<Believed> verdict(Kind kind, JsonNode software, Instant at) {
        DocumentSigner.Draft draft =
                node.draft(kind, Event.REQUEST, facts(software), Set.of(), Asked.NOTHING, at);
        String jwt = node.signAsJwt(draft);
        List<Reason> cms = Verdicts.reasons(verifier.verify(node.sign(draft), Asked.NOTHING, at));
        Verdict<Believed> verdict = verifier.verify(jwt, List.of(), Asked.NOTHING, at);
        assertEquals(cms, Verdicts.reasons(verdict));
        return verdict;
    }

    /** What the only reason tells of it. */
    private static String detail(Verdict<?> verdict) {
        assertEquals(List.of(Reason.MEASUREMENT_WRONG), Verdicts.reasons(verdict));
        return verdict instanceof Verdict.Rejected<?>(List<Rejection> why)
                ? why.getFirst().detail()
                : "";
    }

    private String why(JsonNode software) {
        return detail(verdict(Kind.NODE, software, NOW));
    }

    private String why(String measurement) {
        return why(software("supervisor", measurement));
    }

    @Test
    void whatItsSupervisorSignedIsBelieved() {
        String measurement = measurement(AMS, DIGEST, NOW);
        Believed believed =
                Verdicts.facts(verdict(Kind.NODE, software("supervisor", measurement), NOW));
        assertEquals(AMS, believed.signer());
        assertEquals("supervisor", believed.facts().at("/software/measuredBy").asText());
        Believed alone =
                Verdicts.facts(verifier.verify(measurement, List.of(), Asked.NOTHING, NOW));
        assertEquals(HOST, alone.signer());
        assertEquals(Kind.MEASUREMENT, alone.document().kind());
        assertEquals(AMS.uri(), alone.facts().path("node").asText());
        assertEquals(DIGEST, alone.facts().path("digest").asText());
        assertEquals(NOW.toString(), alone.facts().path("startedAt").asText());
        Believed bare = Verdicts.facts(verdict(Kind.NODE, software("self"), NOW));
        assertEquals(NOW.plus(IdentityDocument.LIFE), bare.until());
    }

    @Test
    void itCountsNoLongerThanWhatItShows() {
        String measurement = measurement(AMS, DIGEST, NOW);
        Instant end = NOW.plus(IdentityDocument.LIFE);
        JsonNode software = software("supervisor", measurement);
        Instant later = NOW.plus(Duration.ofMinutes(5));
        assertEquals(end, Verdicts.facts(verdict(Kind.NODE, software, later)).until());
        assertEquals(
                end, Verdicts.facts(verdict(Kind.NODE, software, end.minusSeconds(1))).until());
        assertEquals("expired: since " + end, detail(verdict(Kind.NODE, software, end)));
    }

    @Test
    void whatIsNoMeasurementOfItIsNone() {
        assertEquals("there is no measurement", why(software("supervisor")));
        assertEquals("there is no measurement", why(software("supervisor").put("measurement", 1)));
        assertEquals("it is of " + EU_1.uri(), why(measurement(EU_1, DIGEST, NOW)));
        assertEquals("it is of another digest", why(measurement(AMS, OTHER, NOW)));
        assertEquals(
                "not-yet-valid: issued at " + NOW.plusSeconds(61),
                why(measurement(AMS, DIGEST, NOW.plusSeconds(61))));
        assertEquals("malformed: not three parts in base64url", why("x"));
        assertEquals("8193 characters", why("a".repeat(MeasurementCheck.MOST_CHARACTERS + 1)));
        ObjectNode list = software("supervisor", measurement(AMS, DIGEST, NOW));
        list.putArray("digest").add(DIGEST);
        assertEquals("it is of another digest", why(list));
    }

    /** Who is said to have measured it is one of two, in one form. */
    @Test
    void nobodyElseMeasures() {
        String nobody = "neither the node nor its supervisor is said to have measured it";
        assertEquals(nobody, why(software("tpm")));
        ObjectNode list = software("self", measurement(AMS, DIGEST, NOW));
        list.putArray("measuredBy").add("supervisor");
        assertEquals(nobody, why(list));
        list.putArray("measuredBy");
        assertEquals(nobody, why(list));
        list.remove("measuredBy");
        assertEquals(nobody, why(list));
        assertEquals(
                "the node measured itself and shows a measurement",
                why(software("self", measurement(AMS, DIGEST, NOW))));
        // Of a run as of a node: what is not so is not believed.
        detail(verdict(Kind.INSTANCE, software("supervisor"), NOW));
    }

    @Test
    void onlyASupervisorOfTheNetworkMeasures() {
        assertEquals(
                "signer-is-not-subject: " + AMS.uri(),
                why(node.signAsJwt(node.measurement(AMS, DIGEST, NOW, NOW))));
        DocumentSigner other = signer(net.eu1);
        assertEquals(
                "signer-is-not-subject: " + EU_1.uri(),
                why(other.signAsJwt(other.measurement(AMS, DIGEST, NOW, NOW))));
        DocumentSigner authority = signer(net.eu);
        assertTrue(
                why(authority.signAsJwt(authority.measurement(AMS, DIGEST, NOW, NOW)))
                        .startsWith("key-usage-wrong"));
        TestNetwork elsewhere = new TestNetwork();
        DocumentSigner stranger = signer(elsewhere.node(elsewhere.eu, HOST));
        assertTrue(
                why(stranger.signAsJwt(stranger.measurement(AMS, DIGEST, NOW, NOW)))
                        .startsWith("issuer-unknown"));
    }

    /** Even where somebody believes more than one network. */
    @Test
    void aSupervisorOfAnotherNetworkMeasuresNothingHere() {
        var root = CertificateAuthority.root("other", NOW, net.random);
        var foreign = new Identity.Supervisor("other", new NodeName("host"));
        var authority =
                new CertificateAuthority(root, net.random)
                        .create(
                                new Identity.Authority("other", TestNetwork.EU),
                                NOW,
                                Duration.ofDays(1));
        ChainVerifier second = new ChainVerifier(root.certificate());
        var both =
                new MeasurementCheck(
                        (chain, at) ->
                                net.verifier.check(chain, at) instanceof Verdict.Trusted<Identity> t
                                        ? t
                                        : second.check(chain, at));
        DocumentSigner stranger = signer(net.node(authority, foreign));
        ObjectNode its =
                facts(
                        software(
                                "supervisor",
                                stranger.signAsJwt(stranger.measurement(AMS, DIGEST, NOW, NOW))));
        assertEquals(
                "signer-is-not-subject: " + foreign.uri(), detail(both.check(its, AMS.uri(), NOW)));
    }

    @Test
    void aSupervisorSpeaksOfNothingElseAndANodeMeasuresNobody() {
        List<Reason> nobody = List.of(Reason.SIGNER_IS_NOT_SUBJECT);
        for (Kind kind : List.of(Kind.NODE, Kind.INSTANCE)) {
            IdentityDocument own = host.measurement(AMS, DIGEST, NOW, NOW).document();
            assertEquals(nobody, signed(host, as(own, kind, own.subject())), kind::toString);
            ObjectNode itself = own.subject().put("node", HOST.uri());
            assertEquals(nobody, signed(host, as(own, kind, itself)), kind::toString);
        }
        IdentityDocument own = host.measurement(AMS, DIGEST, NOW, NOW).document();
        assertEquals(List.of(), signed(host, own));
        // Of nodes alone, and of those of its network.
        for (String who :
                List.of(
                        HOST.uri(),
                        "runnel://net/root",
                        "runnel://net/authority/eu-west",
                        "runnel://other/pop/ams",
                        "ams")) {
            ObjectNode subject = own.subject().put("node", who);
            assertEquals(nobody, signed(host, as(own, Kind.MEASUREMENT, subject)), who);
        }
        assertEquals(nobody, signed(node, node.measurement(AMS, DIGEST, NOW, NOW).document()));
        assertEquals(nobody, signed(node, own));
    }

    private List<Reason> signed(DocumentSigner signer, IdentityDocument document) {
        String jwt = signer.signAsJwt(new DocumentSigner.Draft(document, List.of()));
        return Verdicts.reasons(verifier.verify(jwt, List.of(), Asked.NOTHING, NOW));
    }

    private static IdentityDocument as(IdentityDocument like, Kind kind, ObjectNode subject) {
        return as(like, kind, subject, like.asked(), like.withheld());
    }

    private static IdentityDocument as(
            IdentityDocument like,
            Kind kind,
            ObjectNode subject,
            Asked asked,
            List<String> withheld) {
        return new IdentityDocument(
                like.serial(),
                like.issuer(),
                kind,
                like.event(),
                like.issuedAt(),
                like.notAfter(),
                asked,
                subject,
                withheld);
    }

    @Test
    void oneWithinAnotherIsRefused() {
        IdentityDocument own = host.measurement(AMS, DIGEST, NOW, NOW).document();
        ObjectNode subject = own.subject();
        subject.set("software", software("supervisor", measurement(AMS, DIGEST, NOW)));
        IdentityDocument nested = as(own, Kind.MEASUREMENT, subject);
        assertEquals(List.of(Reason.MEASUREMENT_WRONG), signed(host, nested));
        String jwt = host.signAsJwt(new DocumentSigner.Draft(nested, List.of()));
        subject.set("software", JsonNodeFactory.instance.objectNode());
        IdentityDocument small = as(own, Kind.MEASUREMENT, subject);
        String within = "measurement-wrong: a measurement says and hides nothing else";
        assertEquals(within, why(jwt));
        assertEquals(within, why(host.signAsJwt(new DocumentSigner.Draft(small, List.of()))));
        IdentityDocument hiding =
                as(own, Kind.MEASUREMENT, own.subject(), own.asked(), List.of("A".repeat(43)));
        assertEquals(within, why(host.signAsJwt(new DocumentSigner.Draft(hiding, List.of()))));
        IdentityDocument forOne =
                as(
                        own,
                        Kind.MEASUREMENT,
                        own.subject(),
                        new Asked(Optional.of("me"), Optional.empty()),
                        List.of());
        assertEquals(
                "audience-wrong: me",
                why(host.signAsJwt(new DocumentSigner.Draft(forOne, List.of()))));
        // A node's own document is none.
        ObjectNode bare = JsonNodeFactory.instance.objectNode().put("digest", DIGEST);
        assertEquals(
                "malformed: it is no measurement",
                why(
                        node.signAsJwt(
                                node.draft(
                                        Kind.NODE,
                                        Event.REQUEST,
                                        bare,
                                        Set.of(),
                                        Asked.NOTHING,
                                        NOW))));
    }

    @Test
    void noCharacterOfItMayChange() {
        String sound = measurement(AMS, DIGEST, NOW);
        MeasurementCheck check = new MeasurementCheck(net.verifier);
        for (int at = 0; at < sound.length(); at += 1 + at % 3) {
            char other = sound.charAt(at) == 'A' ? 'B' : 'A';
            String changed = sound.substring(0, at) + other + sound.substring(at + 1);
            ObjectNode facts = facts(software("supervisor", changed));
            assertNotEquals(
                    List.of(), Verdicts.reasons(check.check(facts, AMS.uri(), NOW)), "at " + at);
        }
        ObjectNode facts = facts(software("supervisor", sound));
        assertEquals(List.of(), Verdicts.reasons(check.check(facts, AMS.uri(), NOW)));
    }

    @Test
    void whatIsWithheldIsCheckedOnceItIsShown() {
        for (String by : List.of("supervisor", "tpm")) {
            ObjectNode lie = facts(software(by));
            SignedDocument signed =
                    node.sign(
                            node.draft(
                                    Kind.NODE,
                                    Event.REQUEST,
                                    lie,
                                    Set.of("software"),
                                    Asked.NOTHING,
                                    NOW));
            var hidden = new SignedDocument(signed.json(), signed.cms(), List.of());
            assertEquals(List.of(), Verdicts.reasons(verifier.verify(hidden, Asked.NOTHING, NOW)));
            assertEquals(
                    List.of(Reason.MEASUREMENT_WRONG),
                    Verdicts.reasons(verifier.verify(signed, Asked.NOTHING, NOW)));
        }
    }

    /** Nodes show it with each request, as a header. */
    @Test
    void aDocumentWithOneFitsIntoAHeader() {
        ObjectNode facts = facts(software("supervisor", measurement(AMS, DIGEST, NOW)));
        String jwt =
                node.signAsJwt(
                        node.draft(Kind.NODE, Event.REQUEST, facts, Set.of(), Asked.NOTHING, NOW));
        assertTrue(jwt.length() < (12 << 10), () -> jwt.length() + " characters");
    }
}
