package io.runnel.attestation.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.TestNetwork;

import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.util.List;
import java.util.Optional;

/** What a POP asks an authority. */
class JoinRequestTest {
    private final TestNetwork net = new TestNetwork();
    private final KeyPair pair = KeyPairs.generate(net.random);
    private final ObjectNode evidence =
            JsonNodeFactory.instance.objectNode().put("role", "pop").put("slots", 4);

    private byte[] request(JoinProof proof) {
        return JoinRequest.of(pair, "n-1", evidence, proof);
    }

    @Test
    void itIsReadAsItWasWritten() {
        for (JoinProof proof :
                List.of(new JoinProof.Token("t.t.t"), new JoinProof.Document("d.d.d"))) {
            JoinRequest read = JoinRequest.read(request(proof)).orElseThrow();
            assertEquals(pair.getPublic(), read.request().key());
            assertEquals("n-1", read.request().nonce());
            assertEquals(evidence, read.evidence());
            assertEquals(proof, read.proof());
        }
    }

    @Test
    void aTokenIsNotToldByAccident() {
        assertFalse(new JoinProof.Token("secret-text").toString().contains("secret-text"));
    }

    @Test
    void whatIsOfAnotherFormIsNone() {
        String sound = new String(request(new JoinProof.Token("t.t.t")), UTF_8);
        for (String other :
                List.of(
                        "",
                        "{}",
                        "[]",
                        sound + " ",
                        sound.replace("token", "tokem"),
                        sound.replace("\"t.t.t\"", "1"),
                        sound.replace("{", "{\"document\":\"d\","),
                        sound.replace("\"request\":\"", "\"request\":\"!"),
                        sound.replaceFirst("\"request\":\"[^\"]*\"", "\"request\":\"AAAA\""),
                        "x".repeat(JoinRequest.MOST_BYTES + 1))) {
            assertNotEquals(sound, other);
            assertEquals(Optional.empty(), JoinRequest.read(other.getBytes(UTF_8)), other);
        }
    }

    @Test
    void keysAreToldApartByTheirHash() {
        String hash = JoinRequest.hash(pair.getPublic());
        assertEquals(64, hash.length());
        assertNotEquals(hash, JoinRequest.hash(KeyPairs.generate(net.random).getPublic()));
    }
}
