package io.runnel.attestation.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.host.HostKey;
import io.runnel.attestation.host.HostKeys;
import io.runnel.attestation.host.TestHost;

import org.junit.jupiter.api.Test;

import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** What a client of a POP sees by the name that it says. */
class HostKeysShownTest {
    private final HostKey api = TestHost.key("EC", 256, "api.example.com");
    private final HostKey shop = TestHost.key("RSA", 2048, "*.shop.example");
    private volatile HostKeys keys = new HostKeys(List.of(api, shop));
    private final SSLContext server = UserContexts.of(() -> keys, new SecureRandom()).create();

    private static SSLContext client(String protocol) throws Exception {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", TestHost.root());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void shown(HostKey expected, String host) throws Exception {
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            Handshake done = Handshake.of(client(protocol), server, host, 443);
            assertEquals(expected.key().chain(), done.seenByClient(), protocol);
            assertEquals(protocol, done.protocol());
        }
    }

    @Test
    void theCertificateOfTheNameIsShown() throws Exception {
        shown(api, "api.example.com");
        shown(shop, "books.shop.example");
    }

    @Test
    void whoSaysNoNameOrAnUnknownOneSeesTheFirst() throws Exception {
        shown(api, "127.0.0.1");
        shown(api, "elsewhere.example");
    }

    @Test
    void whatIsExchangedIsShownFromTheNextConnectionOn() throws Exception {
        shown(api, "api.example.com");
        HostKey next = TestHost.key("EC", 384, "api.example.com");
        keys = new HostKeys(List.of(next, shop));
        shown(next, "api.example.com");
    }

    @Test
    void anotherHostsKeyIsNotShownForItsKind() {
        SSLException refused =
                assertThrows(
                        SSLException.class,
                        () -> {
                            SSLContext onlyEc = client("TLSv1.2");
                            Handshake.of(
                                    onlyEc,
                                    server,
                                    "books.shop.example",
                                    443,
                                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
                        });
        assertTrue(
                refused.getMessage().contains("handshake_failure")
                        || refused.getMessage().contains("no cipher suites in common"),
                refused::toString);
    }
}
