package io.runnel.attestation.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.util.List;
import java.util.Optional;

class PemTest {
    private final TestNetwork net = new TestNetwork();

    @Test
    void aKeyIsReadAsItWasWritten() {
        CertifiedKey read = Pem.key(Pem.of(net.ams), Optional.empty());
        assertEquals(net.ams.key(), read.key());
        assertEquals(net.ams.chain(), read.chain());
        assertEquals(net.ams.chain(), Pem.certificates(Pem.of(net.ams.chain())));
        assertFalse(net.ams.toString().contains(net.ams.key().toString()), net.ams::toString);
    }

    @Test
    void aPassphraseGuardsIt() {
        String text = Pem.of(net.root, "open sesame".toCharArray(), net.random);
        assertTrue(text.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"), text);
        assertEquals(net.root.key(), Pem.key(text, Optional.of("open sesame".toCharArray())).key());
        assertEquals(
                PemException.Code.PASSPHRASE,
                assertThrows(
                                PemException.class,
                                () -> Pem.key(text, Optional.of("open".toCharArray())))
                        .code());
        assertEquals(
                PemException.Code.PASSPHRASE,
                assertThrows(PemException.class, () -> Pem.key(text, Optional.empty())).code());
    }

    @Test
    void whatIsNoneSaysSo() {
        String key = Pem.of(net.ams);
        String noKey = Pem.of(net.ams.chain());
        String onlyKey = key.substring(0, key.indexOf("-----BEGIN CERT"));
        for (String text : List.of("", "x", noKey, onlyKey, key.replace("MI", "!!"))) {
            assertThrows(PemException.class, () -> Pem.key(text, Optional.empty()), text);
        }
        for (String text : List.of("", "x", key)) {
            assertThrows(PemException.class, () -> Pem.certificates(text), text);
        }
    }

    @Test
    void aPairIsReadAsItWasWritten() {
        KeyPair pair = KeyPairs.generate(net.random);
        KeyPair read = Pem.pair(Pem.of(pair));
        assertEquals(pair.getPrivate(), read.getPrivate());
        assertEquals(pair.getPublic(), read.getPublic());
        for (String text : List.of("", "x", Pem.of(net.ams), Pem.of(net.ams.chain()))) {
            assertThrows(PemException.class, () -> Pem.pair(text), text);
        }
    }
}
