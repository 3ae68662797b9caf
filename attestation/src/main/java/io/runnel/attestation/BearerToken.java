package io.runnel.attestation;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * A key with its secret, as a caller shows it: {@code ID.SECRET}. Immutable. Whoever holds one is
 * that account: it is written into requests and credentials files only, by {@link #text}.
 *
 * @param secret 256 random bits as 43 characters of base64url
 */
public record BearerToken(KeyId id, String secret) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the secret is not of the form above; the message does not
     *     repeat it
     */
    public BearerToken {
        if (!Secrets.isValid(secret)) {
            throw new IllegalArgumentException(
                    "secret of %s must be %d characters of base64url"
                            .formatted(id, Secrets.LENGTH));
        }
    }

    /** Reads {@code ID.SECRET}; empty if it is anything else. */
    public static Optional<BearerToken> parse(String text) {
        if (text.length() != KeyId.LENGTH + 1 + Secrets.LENGTH || !looksLikeOne(text)) {
            return Optional.empty();
        }
        String secret = text.substring(KeyId.LENGTH + 1);
        return Secrets.isValid(secret)
                ? Optional.of(new BearerToken(new KeyId(text.substring(0, KeyId.LENGTH)), secret))
                : Optional.empty();
    }

    /**
     * Whether the text was meant as one of our keys, be it well formed or not: a key id alone or
     * before a dot. Any other bearer token is the guest's own business.
     */
    public static boolean looksLikeOne(String text) {
        return KeyId.startsWithId(text)
                && (text.length() == KeyId.LENGTH || text.charAt(KeyId.LENGTH) == '.');
    }

    /** A new key. */
    public static BearerToken generate(SecureRandom random) {
        return new BearerToken(KeyId.generate(random), Secrets.generate(random));
    }

    /** The SHA-256 of the secret, in 64 lower-case hexadecimal digits: what nodes keep. */
    public String secretSha256() {
        return Secrets.sha256Hex(secret);
    }

    /** Whether this is the secret with that SHA-256; in constant time. */
    public boolean matches(String sha256Hex) {
        return Secrets.sameText(secretSha256(), sha256Hex);
    }

    /** {@code ID.SECRET}, for a request or a credentials file. */
    public String text() {
        return id.value() + '.' + secret;
    }

    /** The id alone. */
    @Override
    public String toString() {
        return id + ".(secret)";
    }
}
