package io.runnel.attestation.tls;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.host.HostKeys;
import io.runnel.attestation.identity.Identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What makes the engines of a node's connections with users, who show nothing of themselves. Safe
 * for any thread.
 */
public final class UserContexts {
    /** The versions of TLS that users may speak, the best first. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** What TLS encrypts with: authenticated ciphers and keys of the moment only. */
    public static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** So long who was here may come again without being shown who listens. */
    private static final Duration RESUMED_FOR = Duration.ofMinutes(10);

    private final KeyManager keys;
    private final SecureRandom random;

    private UserContexts(KeyManager keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /**
     * Those of a region's node, which shows in each handshake the certificate that it has at that
     * time. While it has none, it shows one that nobody believes, so that a client hears why it is
     * not served, and not only that the connection broke.
     *
     * @param who what it would be certified as
     */
    public static UserContexts of(
            NodeIdentity own, Identity.RegionNode who, Instant now, SecureRandom random) {
        CertifiedKey unbelieved = CertificateAuthority.uncertified(who, now, random);
        KeyChoice shown = KeyChoice.own(() -> own.key().or(() -> Optional.of(unbelieved)));
        return new UserContexts(new ShownKeys(shown), random);
    }

    /** Those of a POP, which shows what its operator has for the name that a client says. */
    public static UserContexts of(Supplier<HostKeys> hosts, SecureRandom random) {
        return new UserContexts(new ShownKeys(KeyChoice.hosts(hosts)), random);
    }

    /** A new context, for servers. */
    public SSLContext create() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[0], random);
            context.getServerSessionContext().setSessionTimeout((int) RESUMED_FOR.toSeconds());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}
