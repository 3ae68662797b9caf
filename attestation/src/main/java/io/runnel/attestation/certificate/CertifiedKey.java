package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.Identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key, and the certificates that say whose it is. Immutable; says nothing of the key.
 *
 * @param key of the network's own: ECDSA on P-256
 * @param chain the holder's first, then who certified it; without the root, but for the root's own
 */
public record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no certificate
     */
    public CertifiedKey {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a certified key has a certificate");
        }
    }

    /** The holder's certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /**
     * Whose it is.
     *
     * @throws IllegalArgumentException if its certificate is none of ours
     */
    public Identity identity() {
        return Names.identity(certificate())
                .orElseThrow(() -> new IllegalArgumentException("a certificate of no identity"));
    }

    @Override
    public String toString() {
        return "CertifiedKey(%s)".formatted(certificate().getSubjectX500Principal());
    }
}
