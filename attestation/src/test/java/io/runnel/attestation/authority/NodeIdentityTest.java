package io.runnel.attestation.authority;

import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys that a node publishes: enough for any JWT library, and no longer than they count. */
class NodeIdentityTest {
    private final TestNetwork net = new TestNetwork();
    private final NodeIdentity node = new NodeIdentity(net.random);

    private CertifiedKey certified(Instant at) {
        return new CertificateAuthority(net.eu, net.random)
                .create(AMS, at, CertificateAuthority.NODE_LIFE);
    }

    private String jwt() {
        DocumentSigner signer = node.signer().orElseThrow();
        return signer.signAsJwt(
                signer.draft(
                        Kind.NODE,
                        Event.REQUEST,
                        JsonNodeFactory.instance.objectNode(),
                        Set.of(),
                        Asked.NOTHING,
                        NOW));
    }

    private List<String> ids(Instant at) throws Exception {
        return new ObjectMapper()
                .readTree(node.publishedKeys(at))
                .path("keys")
                .findValuesAsText("kid");
    }

    /** Nimbus' own way to check a JWT by a key set: it finds the key by the name in the header. */
    private static JWTClaimsSet checked(String keys, String jwt) throws Exception {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("runnel-identity+jwt")));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        JWSAlgorithm.ES256, new ImmutableJWKSet<>(JWKSet.parse(keys))));
        // It has a clock of its own.
        processor.setJWTClaimsSetVerifier(null);
        return processor.process(jwt, null);
    }

    @Test
    void aLibraryThatKnowsTheKeySetChecksItsJwts() throws Exception {
        node.become(certified(NOW));
        String first = jwt();
        node.become(certified(NOW));
        String keys = node.publishedKeys(NOW);
        assertEquals(AMS.uri(), checked(keys, jwt()).getIssuer());
        assertEquals(AMS.uri(), checked(keys, first).getSubject());
        NodeIdentity other = new NodeIdentity(net.random);
        other.become(certified(NOW));
        String others = other.publishedKeys(NOW);
        assertThrows(BadJOSEException.class, () -> checked(others, first));
        assertThrows(BadJOSEException.class, () -> checked("{\"keys\":[]}", first));
    }

    /** As somebody does it who has no library at all. */
    @Test
    void theNumbersOfAKeyAreEnough() throws Exception {
        node.become(certified(NOW));
        JsonNode key = new ObjectMapper().readTree(node.publishedKeys(NOW)).at("/keys/0");
        String[] parts = jwt().split("\\.", -1);
        Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
        check.initVerify(read(key));
        check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertTrue(check.verify(Base64.getUrlDecoder().decode(parts[2])));
        check.update((parts[0] + ".e30").getBytes(StandardCharsets.US_ASCII));
        assertFalse(check.verify(Base64.getUrlDecoder().decode(parts[2])));
    }

    private static PublicKey read(JsonNode key) throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(key.path("x")), number(key.path("y")));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text.textValue());
        assertEquals(32, bytes.length);
        return new BigInteger(1, bytes);
    }

    @Test
    void aKeyStaysUntilItsCertificateEnds() throws Exception {
        assertEquals("{\"keys\":[]}", node.publishedKeys(NOW));
        node.become(certified(NOW));
        List<String> first = ids(NOW);
        Instant renewed = NOW.plus(Duration.ofHours(16));
        node.become(certified(renewed));
        List<String> both = ids(renewed);
        assertEquals(2, both.size());
        assertEquals(first.getFirst(), both.getLast());
        Instant end = NOW.plus(CertificateAuthority.NODE_LIFE);
        assertEquals(both, ids(end));
        assertEquals(both.subList(0, 1), ids(end.plusSeconds(1)));
        assertEquals(List.of(), ids(renewed.plus(CertificateAuthority.NODE_LIFE).plusSeconds(1)));
    }

    @Test
    void thereAreSoManyAtMost() throws Exception {
        for (int i = 0; i < 3 * PublishedKeys.MOST; i++) {
            node.become(certified(NOW));
        }
        List<String> ids = ids(NOW);
        assertEquals(PublishedKeys.MOST, ids.size());
        node.become(certified(NOW));
        assertEquals(
                ids.subList(0, PublishedKeys.MOST - 1), ids(NOW).subList(1, PublishedKeys.MOST));
    }

    @Test
    void itKnowsHowLongItsAuthorityLives() {
        var identity = new NodeIdentity(net.random);
        assertEquals(Double.NaN, identity.authoritySeconds(TestNetwork.NOW));
        identity.become(net.ams);
        assertEquals(
                (double) CertificateAuthority.AUTHORITY_LIFE.toSeconds(),
                identity.authoritySeconds(TestNetwork.NOW));
        assertEquals(
                -1,
                identity.authoritySeconds(
                        TestNetwork.NOW
                                .plus(CertificateAuthority.AUTHORITY_LIFE)
                                .plus(Duration.ofSeconds(1))));
    }

    @Test
    void whoIsRevokedPublishesNothing() throws Exception {
        node.become(certified(NOW));
        node.become(certified(NOW));
        node.lose();
        assertEquals(List.of(), ids(NOW));
        node.become(certified(NOW));
        assertEquals(1, ids(NOW).size());
    }

    /** The private number is nowhere in it. */
    @Test
    void onlyTheirPublicHalvesAreTold() throws Exception {
        CertifiedKey key = certified(NOW);
        node.become(key);
        JsonNode told = new ObjectMapper().readTree(node.publishedKeys(NOW)).at("/keys/0");
        assertFalse(told.has("d"));
        assertEquals(8, told.size());
    }

    /** Connections that were opened with the one before are open still. */
    @Test
    void itHasTheKeyOfItsCertificateAndOfTheOneBefore() {
        List<CertifiedKey> keys =
                List.of(
                        certified(NOW),
                        certified(NOW.plusSeconds(1)),
                        certified(NOW.plusSeconds(2)));
        keys.forEach(node::become);
        assertEquals(Optional.empty(), node.key(keys.get(0).certificate()));
        assertEquals(Optional.of(keys.get(1)), node.key(keys.get(1).certificate()));
        assertEquals(Optional.of(keys.get(2)), node.key(keys.get(2).certificate()));
        node.lose();
        for (CertifiedKey key : keys) {
            assertEquals(Optional.empty(), node.key(key.certificate()));
        }
    }
}
