package io.runnel.attestation.tls;

import io.runnel.attestation.certificate.CertifiedKey;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows in each handshake what is chosen at that time; nothing while nothing is. For engines only.
 * Safe for any thread.
 */
final class ShownKeys extends X509ExtendedKeyManager {
    /** Handshakes that began before a certificate was renewed end with the one before. */
    private static final int MOST_REMEMBERED = 256;

    private final KeyChoice choice;

    /** By who certified it, and the number that it has there; guarded by itself. */
    private final Map<String, CertifiedKey> shown =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, CertifiedKey> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    /** What this chooses. */
    ShownKeys(KeyChoice choice) {
        this.choice = choice;
    }

    private String choose(Optional<String> host, String... algorithms) {
        return Stream.of(algorithms)
                .map(algorithm -> choice.of(host, algorithm))
                .flatMap(Optional::stream)
                .findFirst()
                .map(this::remember)
                .orElse(null);
    }

    private String remember(CertifiedKey key) {
        X509Certificate certificate = key.certificate();
        String alias =
                certificate.getSerialNumber() + " of " + certificate.getIssuerX500Principal();
        synchronized (shown) {
            shown.putIfAbsent(alias, key);
        }
        return alias;
    }

    private Optional<CertifiedKey> remembered(String alias) {
        synchronized (shown) {
            return Optional.ofNullable(shown.get(alias));
        }
    }

    private static Optional<String> host(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return Optional.of(host.getAsciiName());
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String chooseEngineClientAlias(
            String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(Optional.empty(), keyTypes);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return choose(host(engine), keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return choose(Optional.empty(), keyTypes);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return choose(Optional.empty(), keyType);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return remembered(alias)
                .map(key -> key.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return remembered(alias).map(CertifiedKey::key).orElse(null);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        String alias = choose(Optional.empty(), keyType);
        return alias == null ? null : new String[] {alias};
    }
}
