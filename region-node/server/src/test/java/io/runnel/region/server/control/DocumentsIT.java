package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.document.Asked;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who has a key asks a region whether a document is to be believed, and hears all that is wrong.
 */
final class DocumentsIT {
    private static final String VERIFY = "/v1/attest/verify";
    private static final Identity.Pop AMS = new Identity.Pop("demo", new PopId("ams"));
    private static final Asked ASKED = new Asked(Optional.of("bank"), Optional.of("n-1"));

    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private TestRegion region;
    private CertifiedKey ams;
    private DocumentSigner.Draft draft;
    private SignedDocument signed;
    private String jwt;
    private long number;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        ams = certified(region.authorityKey);
        DocumentSigner signer = new DocumentSigner(ams, random);
        ObjectNode facts = TestClient.JSON.createObjectNode().put("task", "hello");
        draft = signer.draft(Kind.INSTANCE, Event.LAUNCH, facts, Set.of(), ASKED, Instant.now());
        signed = signer.sign(draft);
        jwt = signer.signAsJwt(draft);
        revoke(Map.of());
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private CertifiedKey certified(CertifiedKey authority) {
        return new CertificateAuthority(authority, random)
                .create(AMS, Instant.now(), CertificateAuthority.NODE_LIFE);
    }

    private void revoke(Map<BigInteger, Instant> serials) {
        number++;
        assertTrue(
                region.revocations.learn(
                        List.of(
                                new RevocationList(
                                        region.authorityKey.certificate(),
                                        new CertificateAuthority(region.authorityKey, random)
                                                .revocationList(
                                                        serials,
                                                        BigInteger.valueOf(number),
                                                        Instant.now()))),
                        Instant.now()));
    }

    private static ObjectNode body() {
        return TestClient.JSON.createObjectNode().put("audience", "bank").put("nonce", "n-1");
    }

    private ObjectNode cms() {
        return body().put("document", new String(signed.json(), StandardCharsets.UTF_8))
                .put("signature", Base64.getEncoder().encodeToString(signed.cms()));
    }

    private Answer ask(ObjectNode body) {
        return region.client(region.demo).post(VERIFY, body.toString());
    }

    private List<String> reasons(ObjectNode body) {
        Answer answer = ask(body);
        assertEquals(200, answer.status(), answer::toString);
        assertEquals(
                answer.json().path("reasons").isMissingNode(),
                answer.json().path("trusted").asBoolean(),
                answer::toString);
        return answer.json().findValuesAsText("code");
    }

    @Test
    void aSoundDocumentIsTrustedInEitherForm() {
        for (ObjectNode body : List.of(cms(), body().put("jwt", jwt))) {
            Answer answer = ask(body);
            assertEquals(200, answer.status(), answer::toString);
            JsonNode told = answer.json();
            assertTrue(told.path("trusted").asBoolean(), answer::toString);
            assertEquals("runnel://demo/pop/ams", told.path("signer").asText());
            assertEquals("hello", told.path("facts").path("task").asText());
            assertEquals("instance", told.path("kind").asText());
            assertEquals(draft.document().serial(), told.path("serial").asText());
            assertEquals("no-store", answer.header("Cache-Control"));
        }
    }

    @Test
    void allReasonsAreToldAndNothingOfWhatIsInside() {
        ObjectNode other = body().put("jwt", jwt).put("audience", "thief").put("nonce", "n-2");
        Answer answer = ask(other);
        assertEquals(
                "{\"reasons\":["
                        + "{\"code\":\"audience-wrong\",\"reason\":\"it was made for somebody"
                        + " else\"},{\"code\":\"nonce-wrong\",\"reason\":\"it bears another nonce"
                        + " than was asked for\"}],\"trusted\":false}",
                answer.whole().body());
        region.ahead = Duration.ofMinutes(11);
        assertEquals(List.of("expired", "audience-wrong", "nonce-wrong"), reasons(other));
        region.ahead = Duration.ZERO;
        ObjectNode changed = cms();
        changed.put("document", changed.path("document").asText().replace("hello", "hullo"));
        assertEquals(List.of("signature-wrong"), reasons(changed));
        for (String text : List.of("", "a.b.c", "x".repeat(100_000), "{\"a\":1}")) {
            Answer told = ask(body().put("jwt", text));
            assertFalse(told.json().path("trusted").asBoolean(true), told::toString);
            assertFalse(told.whole().body().contains("xception"), told::toString);
        }
        ObjectNode odd = cms().put("signature", "MAA=");
        assertEquals(List.of("malformed"), reasons(odd));
        assertFalse(ask(odd).whole().body().contains("bouncy"));
    }

    @Test
    void whoIsRevokedIsNotTrustedFromThenOn() {
        ObjectNode asked = body().put("jwt", jwt);
        assertEquals(List.of(), reasons(asked));
        revoke(Map.of(ams.certificate().getSerialNumber(), Instant.now()));
        assertEquals(List.of("revoked"), reasons(asked));
        assertEquals(List.of("revoked"), reasons(cms()));
        revoke(Map.of());
        assertEquals(List.of(), reasons(asked));
    }

    @Test
    void whatIsRevokedMustBeKnownOfNow() {
        region.ahead = Duration.ofMinutes(61);
        DocumentSigner signer = new DocumentSigner(ams, random);
        ObjectNode late =
                body().put(
                                "jwt",
                                signer.signAsJwt(
                                        signer.draft(
                                                Kind.NODE,
                                                Event.REQUEST,
                                                TestClient.JSON.createObjectNode(),
                                                Set.of(),
                                                ASKED,
                                                Instant.now().plus(region.ahead))));
        assertEquals(List.of("revocation-unknown"), reasons(late));
        CertifiedKey unheard =
                new CertificateAuthority(region.root, random)
                        .create(
                                new Identity.Authority("demo", TestRegion.EAST),
                                Instant.now(),
                                CertificateAuthority.AUTHORITY_LIFE);
        region.ahead = Duration.ZERO;
        DocumentSigner elsewhere = new DocumentSigner(certified(unheard), random);
        assertEquals(
                List.of("revocation-unknown"),
                reasons(body().put("jwt", elsewhere.signAsJwt(draft))));
        CertifiedKey stranger = CertificateAuthority.root("demo", Instant.now(), random);
        CertifiedKey theirs =
                new CertificateAuthority(stranger, random)
                        .create(
                                new Identity.Authority("demo", TestRegion.WEST),
                                Instant.now(),
                                CertificateAuthority.AUTHORITY_LIFE);
        DocumentSigner thief = new DocumentSigner(certified(theirs), random);
        assertEquals(List.of("issuer-unknown"), reasons(body().put("jwt", thief.signAsJwt(draft))));
    }

    @Test
    void whoHasAKeyMayAskAndNobodyElse() {
        String body = body().put("jwt", jwt).toString();
        assertEquals(401, region.anonymous().post(VERIFY, body).status());
        assertEquals(200, region.client(region.admin).post(VERIFY, body).status());
        Answer got = region.client(region.demo).get(VERIFY);
        assertEquals("405 POST", got.status() + " " + got.header("Allow"));
    }

    @Test
    void whatIsNoQuestionIsRefusedByItsName() {
        String form = "body: must have document and signature, or jwt, and not both";
        Map.of(
                        body(), form,
                        cms().put("jwt", jwt), form,
                        body().put("jwt", jwt).put("signature", "AAAA"), form,
                        body().put("document", "{}"), "signature: must be a text",
                        body().put("signature", "AAAA"), "document: must be a text",
                        cms().put("signature", "not base64"), "signature: must be in base64",
                        body().put("jwt", 7), "jwt: must be a text",
                        body().put("jwt", jwt).put("nonce", "a b"),
                                "nonce: a nonce is 1 to 128 of A-Z a-z 0-9 . _ ~ -",
                        body().put("jwt", jwt).put("audience", ""),
                                "audience: an audience is 1 to 256 printable characters without"
                                        + " spaces",
                        body().put("jwt", jwt).put("root", "x"),
                                "root: is no field of this request")
                .forEach(
                        (body, detail) -> {
                            Answer answer = ask(body);
                            assertEquals("invalid-request", answer.code(), answer::toString);
                            assertEquals(detail, answer.json().path("detail").asText());
                        });
        Answer large = ask(body().put("jwt", "x".repeat(300_000)));
        assertEquals(413, large.status(), large::toString);
    }

    /** It changes nothing: a region that may write nothing answers all the same. */
    @Test
    void aRegionThatIsCutOffAnswersAsWell() {
        region.mayWrite = false;
        region.isConfirmed = false;
        assertEquals(List.of(), reasons(body().put("jwt", jwt)));
    }

    /** Signatures take longer than an event loop may. */
    @Test
    void noEventLoopChecksSignatures() {
        region.blocking =
                work -> {
                    // What is checked before is not too old.
                    region.ahead = Duration.ofMinutes(11);
                    Thread.ofVirtual().start(work);
                };
        assertEquals(List.of("expired"), reasons(body().put("jwt", jwt)));
    }
}
