package io.runnel.attestation.tls;

import io.runnel.attestation.certificate.CertifiedKey;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows in each handshake the certificate that the node has at that time; none while it has none.
 * Safe for any thread.
 */
final class NodeKeyManager extends X509ExtendedKeyManager {
    /** Handshakes that began before the certificate was renewed end with the one before. */
    private static final int MOST_REMEMBERED = 4;

    private static final String KEY_TYPE = "EC";

    private final Supplier<Optional<CertifiedKey>> keys;

    /** By serial number; guarded by itself. */
    private final Map<String, CertifiedKey> shown =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, CertifiedKey> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    /** That shows what it is given at the time. */
    NodeKeyManager(Supplier<Optional<CertifiedKey>> keys) {
        this.keys = keys;
    }

    private String choose(String... keyTypes) {
        for (String type : keyTypes) {
            if (KEY_TYPE.equals(type)) {
                return choose();
            }
        }
        return null;
    }

    private String choose() {
        Optional<CertifiedKey> key = keys.get();
        if (key.isEmpty()) {
            return null;
        }
        String alias = key.get().certificate().getSerialNumber().toString();
        synchronized (shown) {
            shown.putIfAbsent(alias, key.get());
        }
        return alias;
    }

    private CertifiedKey shown(String alias) {
        synchronized (shown) {
            return shown.get(alias);
        }
    }

    @Override
    public String chooseEngineClientAlias(
            String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(keyTypes);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return choose(keyTypes);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return choose(keyType);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        CertifiedKey key = shown(alias);
        return key == null ? null : key.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        CertifiedKey key = shown(alias);
        return key == null ? null : key.key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        String alias = choose(keyType);
        return alias == null ? null : new String[] {alias};
    }
}
