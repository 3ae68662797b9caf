package io.runnel.attestation.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import org.junit.jupiter.api.Test;

import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What lets a POP join that has nothing else to show. */
class JoinTokenTest {
    private static final Identity.Authority EU = new Identity.Authority("net", TestNetwork.EU);

    private final TestNetwork net = new TestNetwork();
    private final PublicKey key = net.eu.certificate().getPublicKey();
    private final JoinToken token =
            JoinToken.create(EU, TestNetwork.AMS, TestNetwork.NOW, JoinToken.LIFE, net.random);
    private final String text = token.signed(net.eu);

    private Reason why(String presented) {
        var rejected =
                assertInstanceOf(Verdict.Rejected.class, JoinToken.read(presented, key), presented);
        return ((Rejection) rejected.reasons().getFirst()).reason();
    }

    @Test
    void itIsReadAsItWasSigned() {
        assertEquals(Verdict.trusted(token), JoinToken.read(text, key));
        assertEquals(Optional.of(token), JoinToken.unchecked(text));
        assertEquals(TestNetwork.NOW.plus(JoinToken.LIFE), token.notAfter());
    }

    @Test
    void noneIsLikeAnother() {
        assertFalse(
                token.equals(
                        JoinToken.create(
                                EU, TestNetwork.AMS, TestNetwork.NOW, JoinToken.LIFE, net.random)));
    }

    @Test
    void nothingOfItCanBeChanged() {
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertInstanceOf(
                    Verdict.Rejected.class, JoinToken.read(changed, key), "character " + i);
        }
    }

    @Test
    void whoeverElseSignsItSignsInVain() {
        assertEquals(Reason.SIGNATURE_WRONG, why(token.signed(net.us)));
        assertEquals(Reason.SIGNATURE_WRONG, why(token.signed(net.ams)));
        assertEquals(Reason.MALFORMED, why(text.substring(0, text.lastIndexOf('.') + 1)));
        assertEquals(Optional.of(token), JoinToken.unchecked(token.signed(net.us)));
    }

    @Test
    void noOtherAlgorithmIsTaken() throws Exception {
        String claims = text.substring(text.indexOf('.') + 1, text.lastIndexOf('.'));
        String none = encoded("{\"alg\":\"none\",\"typ\":\"runnel-join+jwt\"}");
        assertEquals(Reason.MALFORMED, why(none + "." + claims + "."));
        assertEquals(
                Reason.ALGORITHM_NOT_ALLOWED,
                why(signed(JWSAlgorithm.HS256, claims(claims), new MACSigner(key.getEncoded()))));
    }

    @Test
    void whatIsOfAnotherFormIsNone() throws Exception {
        assertEquals(Reason.MALFORMED, why(""));
        assertEquals(Reason.MALFORMED, why("a.b.c"));
        assertEquals(Reason.MALFORMED, why(withKeyId()));
        assertEquals(Reason.TOO_LARGE, why("x".repeat(2049)));
        String claims = claims(text.split("\\.", -1)[1]);
        ECDSASigner signer = new ECDSASigner(net.eu.key(), Curve.P_256);
        assertTrue(
                JoinToken.read(signed(JWSAlgorithm.ES256, claims, signer), key)
                        instanceof Verdict.Trusted<JoinToken>);
        for (String other :
                List.of(
                        claims.replace("runnel/join/1", "runnel/join/2"),
                        claims.replace("/pop/ams", "/root"),
                        claims.replace("/authority/", "/pop/"),
                        claims.replace("13:00:00Z", "11:00:00Z"),
                        claims.replace("2026-11-28T13", "2026-12-28T13"),
                        claims.replace(token.serial(), "short"),
                        "[]")) {
            assertFalse(other.equals(claims));
            assertEquals(Reason.MALFORMED, why(signed(JWSAlgorithm.ES256, other, signer)), other);
        }
        assertEquals(Reason.NOT_CANONICAL, why(signed(JWSAlgorithm.ES256, " " + claims, signer)));
        assertEquals(
                Reason.DUPLICATE_KEY,
                why(
                        signed(
                                JWSAlgorithm.ES256,
                                claims.replaceFirst("\\{", "{\"node\":\"x\","),
                                signer)));
    }

    /** Signed by the right key, with one word more in its header. */
    private String withKeyId() throws Exception {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("runnel-join+jwt"))
                        .keyID("other")
                        .build();
        JWSObject object = new JWSObject(header, new Payload(claims(text.split("\\.", -1)[1])));
        object.sign(new ECDSASigner(net.eu.key(), Curve.P_256));
        return object.serialize();
    }

    private static String claims(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static String signed(JWSAlgorithm algorithm, String claims, JWSSigner signer)
            throws Exception {
        JWSHeader header =
                new JWSHeader.Builder(algorithm)
                        .type(new JOSEObjectType("runnel-join+jwt"))
                        .build();
        JWSObject object = new JWSObject(header, new Payload(claims));
        object.sign(signer);
        return object.serialize();
    }

    @Test
    void itIsGoodForSomeDaysAtMost() {
        for (Duration life :
                List.of(Duration.ZERO, Duration.ofSeconds(-1), JoinToken.MOST_LIFE.plusMillis(1))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> JoinToken.create(EU, TestNetwork.AMS, TestNetwork.NOW, life, net.random));
        }
    }
}
