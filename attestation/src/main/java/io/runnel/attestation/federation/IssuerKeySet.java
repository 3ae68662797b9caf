package io.runnel.attestation.federation;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;

import java.text.ParseException;
import java.util.List;

/** The public keys of who issues tokens (RFC 7517), as far as they can be used. Immutable. */
public final class IssuerKeySet {
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_KEYS = 100;

    private final JWKSet keys;

    private IssuerKeySet(JWKSet keys) {
        this.keys = keys;
    }

    /**
     * Reads a set; keys that could not be used are left out, and what is secret of a key.
     *
     * @throws IllegalArgumentException if it is no set, or none of its keys could be used
     */
    public static IssuerKeySet parse(String json) {
        try {
            List<JWK> usable =
                    JWKSet.parse(json).getKeys().stream()
                            .filter(IssuerKeySet::isUsable)
                            .map(JWK::toPublicJWK)
                            .limit(MOST_KEYS)
                            .toList();
            if (usable.isEmpty()) {
                throw new IllegalArgumentException(
                        "keys must have one of RSA with 2048 bits, or of ECDSA, at least");
            }
            return new IssuerKeySet(new JWKSet(usable));
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "keys must be a JSON Web Key Set: " + e.getMessage(), e);
        }
    }

    private static boolean isUsable(JWK key) {
        return key.getKeyType().equals(KeyType.EC)
                || (key.getKeyType().equals(KeyType.RSA) && key.size() >= LEAST_RSA_BITS);
    }

    /** Whether there is a key of this id. */
    public boolean has(String id) {
        return keys.getKeyByKeyId(id) != null;
    }

    JWKSet set() {
        return keys;
    }

    /** As JSON. */
    @Override
    public String toString() {
        return keys.toString(true);
    }
}
