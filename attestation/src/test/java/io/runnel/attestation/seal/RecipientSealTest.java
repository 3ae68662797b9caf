package io.runnel.attestation.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.TestNetwork;

import org.junit.jupiter.api.Test;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;

class RecipientSealTest {
    private static final byte[] TEXT = "open sesame".getBytes(UTF_8);

    private final TestNetwork net = new TestNetwork();

    private static PublicKey key(CertifiedKey of) {
        return of.certificate().getPublicKey();
    }

    private byte[] sealed() {
        return RecipientSeal.seal(key(net.ams), "this", TEXT);
    }

    @Test
    void whoHasTheKeyReadsIt() {
        byte[] opened = RecipientSeal.open(net.ams, "this", sealed()).orElseThrow();
        assertArrayEquals(TEXT, opened);
        assertFalse(new String(sealed(), ISO_8859_1).contains("sesame"));
        assertFalse(Arrays.equals(sealed(), sealed()), "each time by another key");
    }

    @Test
    void nobodyElseDoes() {
        assertEquals(Optional.empty(), RecipientSeal.open(net.eu1, "this", sealed()));
    }

    @Test
    void itIsOfNothingElse() {
        assertEquals(Optional.empty(), RecipientSeal.open(net.ams, "that", sealed()));
    }

    @Test
    void whatWasChangedIsNotRead() {
        byte[] sealed = sealed();
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            int at = i;
            assertEquals(
                    Optional.empty(),
                    RecipientSeal.open(net.ams, "this", changed),
                    () -> "at " + at);
            assertEquals(
                    Optional.empty(),
                    RecipientSeal.open(net.ams, "this", Arrays.copyOf(sealed, i)),
                    () -> "cut at " + at);
        }
    }

    @Test
    void onlyKeysThatAreCertifiedAreSealedTo() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(384);
        PublicKey other = generator.generateKeyPair().getPublic();
        assertThrows(IllegalArgumentException.class, () -> RecipientSeal.seal(other, "this", TEXT));
    }
}
