package io.runnel.attestation.document;

import static io.runnel.attestation.certificate.TestNetwork.NOW;
import static io.runnel.attestation.document.DocumentScene.ASKED;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.Forged;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a sound document tells, and why an unsound one is rejected. */
class DocumentVerifierTest {
    private final DocumentScene scene = new DocumentScene();
    private final TestNetwork net = scene.net;
    private final SignedDocument sound = scene.signer.sign(scene.draft());

    private List<Reason> reasons(Asked expected, Instant now) {
        return Verdicts.reasons(scene.verifier.verify(sound, expected, now));
    }

    @Test
    void aSoundDocumentIsBelieved() {
        Believed believed = Verdicts.facts(scene.verify(sound));
        assertEquals(TestNetwork.AMS, believed.signer());
        ObjectNode facts = DocumentScene.facts().put("node", "runnel://net/pop/ams");
        assertEquals(facts, believed.facts());
        IdentityDocument document = believed.document();
        assertEquals(Kind.INSTANCE, document.kind());
        assertEquals(Event.LAUNCH, document.event());
        assertEquals(NOW, document.issuedAt());
        assertEquals(NOW.plus(Duration.ofMinutes(10)), document.notAfter());
        assertEquals(ASKED, document.asked());
        assertNotEquals(scene.draft().document().serial(), document.serial());
    }

    @Test
    void theSameAsJwtIsBelieved() {
        DocumentSigner.Draft draft = scene.draft();
        Believed believed = Verdicts.facts(scene.verify(scene.signer.signAsJwt(draft)));
        assertEquals(draft.document(), believed.document());
        assertEquals(TestNetwork.AMS, believed.signer());
    }

    @Test
    void itIsForItsTime() {
        Instant end = NOW.plus(IdentityDocument.LIFE);
        assertEquals(List.of(), reasons(ASKED, end.minusSeconds(1)));
        assertEquals(List.of(Reason.EXPIRED), reasons(ASKED, end));
        assertEquals(List.of(), reasons(ASKED, NOW.minusSeconds(60)));
        // The certificate as well is from a minute before.
        SignedDocument later =
                scene.signer.sign(
                        scene.signer.draft(
                                Kind.INSTANCE,
                                Event.LAUNCH,
                                DocumentScene.facts(),
                                Set.of(),
                                ASKED,
                                NOW.plusSeconds(61)));
        assertEquals(
                List.of(Reason.NOT_YET_VALID),
                Verdicts.reasons(scene.verifier.verify(later, ASKED, NOW)));
        assertEquals(
                List.of(),
                Verdicts.reasons(scene.verifier.verify(later, ASKED, NOW.plusSeconds(1))));
    }

    @Test
    void itIsForWhomItWasMadeAndForTheQuestionThatWasAsked() {
        Optional<String> bank = ASKED.audience();
        assertEquals(List.of(), reasons(new Asked(bank, Optional.empty()), NOW));
        assertEquals(
                List.of(Reason.NONCE_WRONG), reasons(new Asked(bank, Optional.of("other")), NOW));
        assertEquals(List.of(Reason.AUDIENCE_WRONG), reasons(Asked.NOTHING, NOW));
        assertEquals(
                List.of(Reason.AUDIENCE_WRONG, Reason.NONCE_WRONG),
                reasons(new Asked(Optional.of("https://thief"), Optional.of("x")), NOW));
        SignedDocument plain =
                scene.signer.sign(
                        scene.signer.draft(
                                Kind.NODE,
                                Event.REQUEST,
                                DocumentScene.facts(),
                                Set.of(),
                                Asked.NOTHING,
                                NOW));
        assertEquals(
                List.of(Reason.AUDIENCE_WRONG, Reason.NONCE_MISSING),
                Verdicts.reasons(scene.verifier.verify(plain, ASKED, NOW)));
        assertEquals(List.of(), Verdicts.reasons(scene.verifier.verify(plain, Asked.NOTHING, NOW)));
    }

    @Test
    void nobodySpeaksOfWhatRunsElsewhere() {
        IdentityDocument own = scene.draft().document();
        ObjectNode elsewhere = own.subject().put("node", TestNetwork.EU_1.uri());
        IdentityDocument foreign = with(own, own.issuer(), elsewhere, own.notAfter());
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), signedBy(scene.signer, foreign));
        IdentityDocument another = with(own, TestNetwork.EU_1, own.subject(), own.notAfter());
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), signedBy(scene.signer, another));
        // A POP's certificate is none of a region's node.
        IdentityDocument posing = with(own, TestNetwork.EU_1, elsewhere, own.notAfter());
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), signedBy(scene.signer, posing));
        var machine = new Identity.Supervisor("net", new NodeName("host"));
        var supervisor = new DocumentSigner(net.node(net.eu, machine), net.random);
        IdentityDocument itself =
                with(own, machine, own.subject().put("node", machine.uri()), own.notAfter());
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), signedBy(supervisor, itself));
    }

    @Test
    void nobodyMakesThemLiveLonger() {
        IdentityDocument own = scene.draft().document();
        IdentityDocument eternal =
                with(own, own.issuer(), own.subject(), own.notAfter().plusSeconds(1));
        assertEquals(List.of(Reason.LIVES_TOO_LONG), signedBy(scene.signer, eternal));
    }

    private static IdentityDocument with(
            IdentityDocument like, Identity issuer, ObjectNode subject, Instant notAfter) {
        return new IdentityDocument(
                like.serial(),
                issuer,
                like.kind(),
                like.event(),
                like.issuedAt(),
                notAfter,
                like.asked(),
                subject,
                like.withheld());
    }

    private List<Reason> signedBy(DocumentSigner signer, IdentityDocument document) {
        var draft = new DocumentSigner.Draft(document, List.of());
        List<Reason> cms = Verdicts.reasons(scene.verify(signer.sign(draft)));
        assertEquals(cms, Verdicts.reasons(scene.verify(signer.signAsJwt(draft))));
        return cms;
    }

    @Test
    void whoeverIsNotCertifiedSignsNothing() throws Exception {
        TestNetwork other = new TestNetwork();
        var thief = new DocumentSigner(other.ams, other.random);
        var draft =
                thief.draft(Kind.NODE, Event.REQUEST, DocumentScene.facts(), Set.of(), ASKED, NOW);
        assertEquals(
                List.of(Reason.ISSUER_UNKNOWN), Verdicts.reasons(scene.verify(thief.sign(draft))));
        var curve =
                new Forged(net.eu, TestNetwork.AMS.uri(), NOW).of(Forged.ec("secp384r1")).make();
        assertThrows(IllegalArgumentException.class, () -> new DocumentSigner(curve, net.random));
        var key = Forged.ec("secp256r1");
        var mixed =
                new DocumentSigner(
                        new io.runnel.attestation.certificate.CertifiedKey(
                                key.getPrivate(), net.ams.chain()),
                        net.random);
        var posing =
                mixed.draft(Kind.NODE, Event.REQUEST, DocumentScene.facts(), Set.of(), ASKED, NOW);
        assertEquals(
                List.of(Reason.SIGNATURE_WRONG),
                Verdicts.reasons(scene.verify(mixed.sign(posing))));
        assertEquals(
                List.of(Reason.SIGNATURE_WRONG),
                Verdicts.reasons(scene.verify(mixed.signAsJwt(posing))));
    }

    @Test
    void factsMayBeWithheldAndShownLater() {
        SignedDocument signed = scene.signer.sign(scene.draft(Set.of("account", "limits", "none")));
        assertEquals(2, signed.disclosures().size());
        assertFalse(
                new String(signed.json(), java.nio.charset.StandardCharsets.UTF_8)
                        .contains("account"));
        Believed hidden = Verdicts.facts(scene.verify(signed.json(), signed.cms()));
        assertFalse(hidden.facts().has("account"));
        assertEquals(7, hidden.facts().path("version").asInt());
        Believed all = Verdicts.facts(scene.verify(signed));
        assertEquals("demo", all.facts().path("account").asText());
        assertEquals(1 << 20, all.facts().path("limits").path("memoryBytes").asInt());
        Disclosure account =
                signed.disclosures().stream()
                        .filter(d -> d.name().equals("account"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(Optional.of(account), Disclosure.parse(account.text()));
        Believed one =
                Verdicts.facts(
                        scene.verify(
                                new SignedDocument(signed.json(), signed.cms(), List.of(account))));
        assertFalse(one.facts().has("limits"));
        assertEquals("demo", one.facts().path("account").asText());
    }

    @Test
    void whatIsDisclosedIsWhatWasSigned() {
        SignedDocument signed = scene.signer.sign(scene.draft(Set.of("account")));
        Disclosure account = signed.disclosures().getFirst();
        ObjectNode other = DocumentScene.facts().put("account", "thief");
        for (List<Disclosure> shown :
                List.of(
                        List.of(new Disclosure(account.salt(), "account", other.get("account"))),
                        List.of(new Disclosure(account.salt(), "task", account.value())),
                        List.of(new Disclosure("AAAA", "account", account.value())),
                        scene.signer.sign(scene.draft(Set.of("account"))).disclosures())) {
            assertEquals(
                    List.of(Reason.DISCLOSURE_WRONG),
                    Verdicts.reasons(
                            scene.verify(new SignedDocument(signed.json(), signed.cms(), shown))),
                    shown::toString);
        }
    }

    @Test
    void aFactIsShownOnce() {
        Set<String> withheld = Set.of("account", "task");
        SignedDocument signed = scene.signer.sign(scene.draft(withheld));
        List<Disclosure> all = signed.disclosures();
        for (List<Disclosure> shown :
                List.of(
                        List.of(all.getFirst(), all.getFirst()),
                        List.of(all.getFirst(), all.getLast(), all.getFirst()))) {
            assertEquals(
                    List.of(Reason.SHOWN_ALREADY),
                    Verdicts.reasons(
                            scene.verify(new SignedDocument(signed.json(), signed.cms(), shown))),
                    shown::toString);
        }
    }

    @Test
    void aDisclosureHasOneFormAndASize() {
        for (String text : List.of("", "!", "W10", "eyJhIjoxfQ", "WyJhIiwiYiJd")) {
            assertEquals(Optional.empty(), Disclosure.parse(text), text);
        }
        Disclosure tail = new Disclosure("AAAA", "a", TextNode.valueOf("xx"));
        assertEquals(Optional.of(tail), Disclosure.parse(tail.text()));
        assertEquals(Optional.empty(), Disclosure.parse(tail.text() + "="));
        String filled = "x".repeat(CanonicalJson.MOST_BYTES - "[\"AAAA\",\"a\",\"\"]".length());
        Disclosure largest = new Disclosure("AAAA", "a", TextNode.valueOf(filled));
        assertEquals(Optional.of(largest), Disclosure.parse(largest.text()));
        Disclosure larger = new Disclosure("AAAA", "a", TextNode.valueOf(filled + "x"));
        assertEquals(Optional.empty(), Disclosure.parse(larger.text()));
    }

    @Test
    void moreDisclosuresThanADocumentCanWithholdAreNotRead() {
        String text = new Disclosure("AAAA", "a", TextNode.valueOf("b")).text();
        assertEquals(64, Disclosure.parseAll(Collections.nCopies(64, text)).size());
        for (String other : List.of(text, "!")) {
            IllegalArgumentException many =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> Disclosure.parseAll(Collections.nCopies(65, other)));
            assertEquals("must be at most 64", many.getMessage());
        }
        IllegalArgumentException none =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Disclosure.parseAll(List.of(text, "!", text)));
        assertEquals("number 2 is none", none.getMessage());
    }

    @Test
    void aFactOfTheNodeIsNeverWithheld() {
        SignedDocument signed = scene.signer.sign(scene.draft(Set.of("node")));
        assertEquals(List.of(), signed.disclosures());
        assertEquals(
                "runnel://net/pop/ams",
                Verdicts.facts(scene.verify(signed)).facts().path("node").asText());
    }

    @Test
    void questionsHaveAForm() {
        for (String nonce : List.of("", " ", "a b", "x".repeat(129), "\u00e9", "a\n")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Asked(Optional.empty(), Optional.of(nonce)),
                    nonce);
        }
        for (String audience : List.of("", "a b", "x".repeat(257), "\u00e9", "a\u007f")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Asked(Optional.of(audience), Optional.empty()),
                    audience);
        }
    }
}
