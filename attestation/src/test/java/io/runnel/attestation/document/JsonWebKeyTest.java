package io.runnel.attestation.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.Forged;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Reason;

import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A key as others read it, and what a JWT says of its own. */
class JsonWebKeyTest {
    private final DocumentScene scene = new DocumentScene();
    private final TestNetwork net = scene.net;

    @Test
    void anyLibraryReadsTheKeyAndItsCertificates() throws Exception {
        String json = JsonWebKey.of(net.ams.chain()).json().toString();
        ECKey read = ECKey.parse(json);
        assertEquals(net.ams.certificate().getPublicKey(), read.toECPublicKey());
        assertEquals(net.ams.chain(), read.getParsedX509CertChain());
        assertEquals(
                Set.of("kty", "crv", "x", "y", "use", "alg", "kid", "x5c"),
                read.toJSONObject().keySet());
        assertEquals("sig", read.getKeyUse().identifier());
        assertEquals(JWSAlgorithm.ES256, read.getAlgorithm());
        assertFalse(read.isPrivate());
    }

    /**
     * Keys whose numbers begin with zeros, or with a bit that is a sign to others, are among 600.
     */
    @Test
    void idsAreThumbprintsAndNumbersAreAlwaysAsLong() throws Exception {
        boolean zero = false;
        for (int i = 0; i < 600 || !zero; i++) {
            KeyPair pair = Forged.ec("secp256r1");
            ECPublicKey key = (ECPublicKey) pair.getPublic();
            zero |= key.getW().getAffineX().bitLength() <= 248;
            String expected =
                    new ECKey.Builder(Curve.P_256, key).build().computeThumbprint().toString();
            assertEquals(Optional.of(expected), JsonWebKey.id(key), key::toString);
        }
    }

    @Test
    void otherKeysHaveNoId() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        assertEquals(Optional.empty(), JsonWebKey.id(rsa.generateKeyPair().getPublic()));
        assertEquals(Optional.empty(), JsonWebKey.id(Forged.ec("secp384r1").getPublic()));
        var curve =
                new Forged(net.eu, TestNetwork.AMS.uri(), TestNetwork.NOW)
                        .of(Forged.ec("secp384r1"))
                        .make();
        assertThrows(IllegalArgumentException.class, () -> JsonWebKey.of(curve.chain()));
    }

    private String signed(Optional<String> id) throws Exception {
        List<Base64> chain = new ArrayList<>();
        for (var certificate : net.ams.chain()) {
            chain.add(Base64.encode(certificate.getEncoded()));
        }
        JWSHeader.Builder header =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("runnel-identity+jwt"))
                        .x509CertChain(chain);
        id.ifPresent(header::keyID);
        var object = new JWSObject(header.build(), new Payload(scene.draft().document().claims()));
        object.sign(new ECDSASigner(net.ams.key(), Curve.P_256));
        return object.serialize();
    }

    @Test
    void aJwtNamesTheKeyThatSignedIt() throws Exception {
        String own = JsonWebKey.of(net.ams.chain()).id();
        String made = scene.signer.signAsJwt(scene.draft());
        assertEquals(own, JWSObject.parse(made).getHeader().getKeyID());
        assertEquals(List.of(), Verdicts.reasons(scene.verify(signed(Optional.of(own)))));
        String other = JsonWebKey.of(net.eu1.chain()).id();
        for (String wrong : List.of(other, "", own + "A", own.substring(1))) {
            assertEquals(
                    List.of(Reason.MALFORMED),
                    Verdicts.reasons(scene.verify(signed(Optional.of(wrong)))),
                    wrong);
        }
    }

    /** Those of nodes that are a version behind. */
    @Test
    void aJwtThatNamesNoKeyIsTakenYet() throws Exception {
        assertTrue(Verdicts.reasons(scene.verify(signed(Optional.empty()))).isEmpty());
    }
}
