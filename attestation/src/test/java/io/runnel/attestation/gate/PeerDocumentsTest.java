package io.runnel.attestation.gate;

import static io.runnel.attestation.Verdicts.facts;
import static io.runnel.attestation.Verdicts.reasons;
import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.EU_1;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Requirements;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node shows of itself, and what another one believes of that. */
final class PeerDocumentsTest {
    private static final Asked FOR_NODES =
            new Asked(Optional.of(OwnDocument.audience("net")), Optional.empty());

    private final TestNetwork net = new TestNetwork();
    private final AtomicInteger chains = new AtomicInteger();
    private final ChainCheck counting =
            (chain, at) -> {
                chains.incrementAndGet();
                return net.verifier.check(chain, at);
            };
    private final PeerDocuments documents =
            new PeerDocuments(new DocumentVerifier(counting), "net");
    private final NodeIdentity node = new NodeIdentity(net.random);
    private final AtomicInteger measured = new AtomicInteger();
    private Instant now = NOW;
    private final OwnDocument own = new OwnDocument(node, AMS, this::measure, () -> now);

    private ObjectNode measure() {
        measured.incrementAndGet();
        return JsonNodeFactory.instance.objectNode().put("zone", "a");
    }

    private List<Reason> why(Identity who, String jwt) {
        return reasons(documents.check(who, Optional.of(jwt), now));
    }

    private String signed(CertifiedKey key, Kind kind, Asked asked) {
        DocumentSigner signer = new DocumentSigner(key, net.random);
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("zone", "b");
        return signer.signAsJwt(signer.draft(kind, Event.REQUEST, facts, Set.of(), asked, NOW));
    }

    @Test
    void aNodesOwnIsBelieved() {
        node.become(net.ams);
        own.look();
        PeerDocuments.Shown shown = facts(documents.check(AMS, own.jwt(), now));
        assertEquals("a", shown.facts().path("zone").asText());
        assertEquals(NOW.plus(IdentityDocument.LIFE), shown.until());
    }

    @Test
    void anothersIsWorthNothing() {
        String its = signed(net.ams, Kind.NODE, FOR_NODES);
        assertEquals(List.of(), why(AMS, its));
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), why(EU_1, its));
        assertEquals(
                List.of(Reason.SIGNER_IS_NOT_SUBJECT),
                why(AMS, signed(net.ams, Kind.INSTANCE, FOR_NODES)));
        assertEquals(
                List.of(Reason.AUDIENCE_WRONG),
                why(AMS, signed(net.ams, Kind.NODE, Asked.NOTHING)));
        assertEquals(
                List.of(Reason.UNSIGNED), reasons(documents.check(AMS, Optional.empty(), now)));
        assertEquals(List.of(Reason.MALFORMED), why(AMS, "garbage"));
    }

    @Test
    void ofARegionAnyNodeMaySpeakAndNobodyElse() {
        String its = signed(net.eu1, Kind.NODE, FOR_NODES);
        assertEquals(List.of(), reasons(documents.check(TestNetwork.EU, its, now)));
        List<Reason> nobody = List.of(Reason.SIGNER_IS_NOT_SUBJECT);
        assertEquals(nobody, reasons(documents.check(TestNetwork.US, its, now)));
        String pops = signed(net.ams, Kind.NODE, FOR_NODES);
        assertEquals(nobody, reasons(documents.check(TestNetwork.EU, pops, now)));
    }

    @Test
    void itsSignatureIsCheckedOnceAndItEnds() {
        String its = signed(net.ams, Kind.NODE, FOR_NODES);
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(), why(AMS, its));
        }
        assertEquals(1, chains.get());
        now = NOW.plus(IdentityDocument.LIFE).minusSeconds(1);
        assertEquals(List.of(), why(AMS, its));
        now = NOW.plus(IdentityDocument.LIFE);
        assertEquals(List.of(Reason.EXPIRED), why(AMS, its));
    }

    @Test
    void whatIsKnownOfOneTextSaysNothingOfAnother() {
        String its = signed(net.ams, Kind.NODE, FOR_NODES);
        assertEquals(List.of(), why(AMS, its));
        String changed = its.substring(0, its.length() - 8) + "AAAAAAAA";
        assertEquals(List.of(Reason.SIGNATURE_WRONG), why(AMS, changed));
        assertEquals(List.of(), why(AMS, its));
    }

    @Test
    void itIsMadeAnewInTimeAndWithEachKey() {
        own.look();
        assertEquals(Optional.empty(), own.jwt());
        node.become(net.ams);
        own.look();
        String first = own.jwt().orElseThrow();
        now = NOW.plus(OwnDocument.RENEWED_AFTER).minusMillis(1);
        own.look();
        assertEquals(first, own.jwt().orElseThrow());
        now = NOW.plus(OwnDocument.RENEWED_AFTER);
        own.look();
        String second = own.jwt().orElseThrow();
        assertNotEquals(first, second);
        node.become(net.node(net.eu, AMS));
        own.look();
        assertNotEquals(second, own.jwt().orElseThrow());
        now = NOW.minus(Duration.ofHours(1));
        own.look();
        assertTrue(documents.check(AMS, own.jwt(), now) instanceof Verdict.Trusted<?>);
        node.lose();
        own.look();
        assertEquals(Optional.empty(), own.jwt());
        assertEquals(5, measured.get());
    }

    @Test
    void itCountsNoLongerThanItsSupervisorsWord() {
        var machine = new Identity.Supervisor("net", new NodeName("host"));
        DocumentSigner host = new DocumentSigner(net.node(net.eu, machine), net.random);
        String measurement = host.signAsJwt(host.measurement(AMS, "sha256:aa", NOW, NOW));
        node.become(net.ams);
        now = NOW.plusSeconds(200);
        var showing =
                new OwnDocument(
                        node,
                        AMS,
                        () -> {
                            ObjectNode facts = measure();
                            facts.putObject("software")
                                    .put("digest", "sha256:aa")
                                    .put("measuredBy", "supervisor")
                                    .put("measurement", measurement);
                            return facts;
                        },
                        () -> now);
        showing.look();
        Instant end = NOW.plus(IdentityDocument.LIFE);
        assertEquals(end, facts(documents.check(AMS, showing.jwt(), now)).until());
        String jwt = showing.jwt().orElseThrow();
        now = end;
        assertEquals(List.of(Reason.MEASUREMENT_WRONG), why(AMS, jwt));
    }

    @Test
    void itSaysWhatIsSoByThen() {
        node.become(net.ams);
        var changing =
                new OwnDocument(
                        node, AMS, () -> measure().put("time", now.getEpochSecond()), () -> now);
        changing.look();
        String then = Long.toString(NOW.getEpochSecond());
        assertTrue(changing.meets(new Requirements(Map.of("time", List.of(then)))));
        now = NOW.plus(OwnDocument.RENEWED_AFTER);
        changing.look();
        assertFalse(changing.meets(new Requirements(Map.of("time", List.of(then)))));
        assertEquals(
                now.getEpochSecond(),
                facts(documents.check(AMS, changing.jwt(), now)).facts().path("time").asLong());
        node.lose();
        now = now.plus(OwnDocument.RENEWED_AFTER);
        changing.look();
        String last = Long.toString(now.getEpochSecond());
        assertTrue(changing.meets(new Requirements(Map.of("time", List.of(last)))));
    }

    @Test
    void aNodeKnowsWhatItIsItself() {
        Requirements here =
                new Requirements(Map.of("zone", List.of("a", "b"), "node", List.of(AMS.uri())));
        assertFalse(own.meets(here));
        assertTrue(own.meets(Requirements.NONE));
        own.look();
        for (int i = 0; i < 2; i++) {
            assertTrue(own.meets(here));
            assertFalse(own.meets(new Requirements(Map.of("zone", List.of("b")))));
            assertFalse(own.meets(new Requirements(Map.of("tpm", List.of("b")))));
        }
    }
}
