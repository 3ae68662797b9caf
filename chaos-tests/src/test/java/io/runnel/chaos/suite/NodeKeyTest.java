package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** What somebody finds who reads a node's disk. */
class NodeKeyTest {
    private final CertifiedKey own =
            CertificateAuthority.root("net", Instant.EPOCH, new SecureRandom());

    @TempDir private Path folder;

    private Optional<NodeKey> read(String text) throws IOException {
        return NodeKey.read(Files.writeString(folder.resolve("identity.pem"), text));
    }

    @Test
    void aNodesFileIsRead() throws IOException {
        NodeKey key = read(Pem.of(own)).orElseThrow();
        assertEquals(own.key(), key.key());
        assertEquals(own.chain(), key.chain());
        assertFalse(key.toString().contains(own.key().toString()), key::toString);
    }

    @Test
    void whatIsNotThereOrNotWholeIsNone() throws IOException {
        assertEquals(Optional.empty(), NodeKey.read(folder.resolve("none.pem")));
        assertEquals(Optional.empty(), read(""));
        String whole = Pem.of(own);
        assertEquals(Optional.empty(), read(whole.substring(0, whole.indexOf("-----END"))));
    }

    @Test
    void somethingElseIsAMistake() {
        assertThrows(
                NetworkException.class,
                () -> read("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
    }
}
