package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Disclosure;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.document.SignedDocument;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.PopId;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A region is asked of documents that withhold facts, some of which their holder shows. */
final class DisclosuresIT {
    private static final String VERIFY = "/v1/attest/verify";
    private static final Set<String> WITHHELD = Set.of("account", "limits");

    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private TestRegion region;
    private DocumentSigner signer;
    private DocumentSigner.Draft draft;
    private Disclosure account;
    private Disclosure limits;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        CertificateAuthority authority = new CertificateAuthority(region.authorityKey, random);
        signer =
                new DocumentSigner(
                        authority.create(
                                new Identity.Pop("demo", new PopId("ams")),
                                Instant.now(),
                                CertificateAuthority.NODE_LIFE),
                        random);
        draft = draft();
        account = disclosed(draft, "account");
        limits = disclosed(draft, "limits");
        assertTrue(
                region.revocations.learn(
                        List.of(
                                new RevocationList(
                                        region.authorityKey.certificate(),
                                        authority.revocationList(
                                                Map.of(), BigInteger.ONE, Instant.now()))),
                        Instant.now()));
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private DocumentSigner.Draft draft() {
        ObjectNode facts = TestClient.JSON.createObjectNode().put("task", "hello");
        facts.put("account", "demo").putObject("limits").put("memoryBytes", 1 << 20);
        return signer.draft(
                Kind.INSTANCE, Event.LAUNCH, facts, WITHHELD, Asked.NOTHING, Instant.now());
    }

    private static Disclosure disclosed(DocumentSigner.Draft draft, String name) {
        return draft.disclosures().stream()
                .filter(disclosure -> disclosure.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(Disclosure... shown) {
        return List.of(shown).stream().map(Disclosure::text).toList();
    }

    private static ObjectNode showing(ObjectNode body, List<String> disclosures) {
        ArrayNode all = body.putArray("disclosures");
        disclosures.forEach(all::add);
        return body;
    }

    private ObjectNode jwt(List<String> disclosures) {
        return showing(
                TestClient.JSON.createObjectNode().put("jwt", signer.signAsJwt(draft)),
                disclosures);
    }

    private ObjectNode cms(List<String> disclosures) {
        SignedDocument signed = signer.sign(draft);
        return showing(
                TestClient.JSON
                        .createObjectNode()
                        .put("document", new String(signed.json(), StandardCharsets.UTF_8))
                        .put("signature", Base64.getEncoder().encodeToString(signed.cms())),
                disclosures);
    }

    private Answer ask(ObjectNode body) {
        return region.client(region.demo).post(VERIFY, body.toString());
    }

    @Test
    void whatItsHolderShowsIsAmongTheFactsAndNothingElse() {
        for (ObjectNode body : List.of(cms(texts(account)), jwt(texts(account)))) {
            Answer answer = ask(body);
            assertTrue(answer.json().path("trusted").asBoolean(), answer::toString);
            assertEquals("demo", answer.json().at("/facts/account").asText());
            assertEquals("hello", answer.json().at("/facts/task").asText());
            assertFalse(answer.json().path("facts").has("limits"), answer::toString);
        }
        for (ObjectNode body : List.of(cms(texts(limits, account)), jwt(texts(account, limits)))) {
            Answer all = ask(body);
            assertEquals(1 << 20, all.json().at("/facts/limits/memoryBytes").asInt());
            assertEquals("demo", all.json().at("/facts/account").asText());
        }
        for (ObjectNode body : List.of(cms(List.of()), jwt(List.of()))) {
            assertTrue(ask(body).json().path("trusted").asBoolean());
            assertFalse(ask(body).whole().body().contains("demo\""));
        }
    }

    /** Why both forms of the document are refused when these are shown. */
    private List<String> reasons(Disclosure... shown) {
        List<String> reasons = List.of();
        for (ObjectNode body : List.of(cms(texts(shown)), jwt(texts(shown)))) {
            Answer answer = ask(body);
            assertEquals(200, answer.status(), answer::toString);
            assertFalse(answer.json().path("trusted").asBoolean(true), answer::toString);
            assertFalse(answer.json().has("facts"), answer::toString);
            List<String> told = answer.json().findValuesAsText("code");
            assertTrue(reasons.isEmpty() || reasons.equals(told), answer::toString);
            reasons = told;
        }
        return reasons;
    }

    @Test
    void whatWasNotSignedIsRefusedWithItsReason() {
        Disclosure changed = new Disclosure(account.salt(), "account", TextNode.valueOf("thief"));
        Disclosure renamed = new Disclosure(account.salt(), "owner", account.value());
        Disclosure salted = new Disclosure(limits.salt(), "account", account.value());
        Disclosure ofAnother = disclosed(draft(), "account");
        for (Disclosure wrong : List.of(changed, renamed, salted, ofAnother)) {
            assertEquals(List.of("disclosure-wrong"), reasons(wrong), wrong::toString);
            assertEquals(List.of("disclosure-wrong"), reasons(account, wrong), wrong::toString);
        }
        assertEquals(List.of("shown-already"), reasons(account, account));
        assertEquals(
                List.of("disclosure-wrong", "shown-already"), reasons(account, ofAnother, account));
        assertEquals(List.of("disclosure-wrong"), reasons(account, limits, ofAnother));
    }

    @Test
    void whatIsShownIsToldBesideAllElseThatIsWrong() {
        Answer answer = ask(jwt(texts(account, account)).put("audience", "bank"));
        assertEquals(
                "{\"reasons\":[{\"code\":\"audience-wrong\",\"reason\":\"it was made for somebody"
                        + " else\"},{\"code\":\"shown-already\",\"reason\":\"what is disclosed is"
                        + " shown already\"}],\"trusted\":false}",
                answer.whole().body());
    }

    private String refusal(ObjectNode body) {
        Answer answer = ask(body);
        assertEquals("invalid-request", answer.code(), answer::toString);
        assertEquals(400, answer.status(), answer::toString);
        return answer.json().path("detail").asText();
    }

    @Test
    void whatIsNoDisclosureOrTooMuchIsRefusedByItsName() {
        assertEquals("disclosures: number 1 is none", refusal(jwt(List.of("!"))));
        assertEquals("disclosures: number 2 is none", refusal(cms(List.of(account.text(), "W10"))));
        String large =
                new Disclosure("AAAA", "account", TextNode.valueOf("x".repeat(20_000))).text();
        assertEquals("disclosures: number 1 is none", refusal(jwt(List.of(large))));
        Answer most = ask(jwt(Collections.nCopies(64, account.text())));
        assertEquals(63, most.json().path("reasons").size(), most::toString);
        assertEquals(
                "disclosures: must be at most 64",
                refusal(jwt(Collections.nCopies(65, account.text()))));
        assertEquals(
                "disclosures: must be a list of at most 256 texts",
                refusal(jwt(Collections.nCopies(257, "x"))));
        assertEquals(
                "disclosures: must be a list of texts",
                refusal(
                        jwt(List.of())
                                .set("disclosures", TestClient.JSON.createArrayNode().add(7))));
        assertEquals(413, ask(jwt(Collections.nCopies(64, "x".repeat(5000)))).status());
    }
}
