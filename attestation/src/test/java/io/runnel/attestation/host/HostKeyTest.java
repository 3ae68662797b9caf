package io.runnel.attestation.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

class HostKeyTest {
    private static final String NAME = "api.example.com";

    private final KeyPair pair = TestHost.pair("EC", 256);

    private static void refused(String why, KeyPair pair, List<X509Certificate> chain) {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class, () -> HostKey.of(pair.getPrivate(), chain));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void itIsCalledByTheNamesOfDnsInItsCertificate() {
        HostKey key =
                HostKey.of(
                        pair.getPrivate(),
                        TestHost.chain(pair, "API.example.com", "*.example.org", "127.0.0.1"));
        assertEquals(Set.of(NAME, "*.example.org"), key.names());
        assertEquals(
                Set.of(), HostKey.of(pair.getPrivate(), TestHost.chain(pair, "127.0.0.1")).names());
    }

    @Test
    void theKindsOfKeysThatClientsTakeAreTaken() {
        for (int bits : List.of(256, 384, 521)) {
            assertTrue(TestHost.key("EC", bits, NAME).isOf("EC"));
        }
        assertTrue(TestHost.key("RSA", 2048, NAME).isOf("RSA"));
    }

    @Test
    void anotherKindOfKeyIsRefused() {
        KeyPair weak = TestHost.pair("RSA", 1024);
        refused("RSA of at least 2048 bits", weak, TestHost.chain(weak, NAME));
        KeyPair other = TestHost.pair("Ed25519", 255);
        refused("RSA of at least 2048 bits", other, TestHost.chain(other, NAME));
    }

    @Test
    void anothersCertificateIsRefused() {
        KeyPair other = TestHost.pair("EC", 256);
        refused("is not of the key", pair, TestHost.chain(other, NAME));
        refused("is not of the key", TestHost.pair("RSA", 2048), TestHost.chain(other, NAME));
    }

    @Test
    void certificatesOutOfOrderAreRefused() {
        List<X509Certificate> chain = new ArrayList<>(TestHost.chain(pair, NAME));
        Collections.reverse(chain);
        refused("certificate 2, of CN=host, did not certify the one before", pair, chain);
    }

    @Test
    void noneOrTooManyAreRefused() {
        refused("must hold 1 to 10 certificates: 0", pair, List.of());
        List<X509Certificate> chain = new ArrayList<>(TestHost.chain(pair, NAME));
        chain.addAll(Collections.nCopies(9, TestHost.root()));
        refused("must hold 1 to 10 certificates: 11", pair, chain);
    }

    @Test
    void oneThatNamesNoHostIsRefused() {
        refused("names no host", pair, TestHost.chain(pair));
    }

    @Test
    void itEndsWithTheFirstOfItsCertificates() {
        Instant end = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
        assertEquals(end, HostKey.of(pair.getPrivate(), TestHost.chain(pair, end, NAME)).end());
        Instant late = end.plus(90, ChronoUnit.DAYS);
        assertEquals(
                TestHost.root().getNotAfter().toInstant(),
                HostKey.of(pair.getPrivate(), TestHost.chain(pair, late, NAME)).end());
    }
}
