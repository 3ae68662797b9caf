package io.runnel.attestation;

import io.runnel.attestation.AttestationException.Code;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The secret that the nodes of one network share until they have identities: 256 random bits, in a
 * file of the data folder that only its owner may read. Immutable.
 */
public final class NetworkToken {
    private final String text;

    private NetworkToken(String text) {
        this.text = text;
    }

    /**
     * Reads the file.
     *
     * @throws AttestationException if it is absent, malformed or open to others
     */
    public static NetworkToken read(Path path) {
        return find(new SecretFile(path))
                .orElseThrow(() -> new AttestationException(Code.ABSENT, path + ": is not there"));
    }

    /**
     * Reads the file, or makes it if it is not there; processes that come at once get the same.
     *
     * @throws AttestationException if it cannot be made, is malformed or open to others
     */
    public static NetworkToken readOrCreate(Path path, SecureRandom random) {
        SecretFile file = new SecretFile(path);
        return find(file).orElseGet(() -> file.exclusively(() -> findOrCreate(file, random)));
    }

    private static NetworkToken findOrCreate(SecretFile file, SecureRandom random) {
        Optional<NetworkToken> made = find(file);
        if (made.isPresent()) {
            return made.get();
        }
        String text = Secrets.generate(random);
        file.write(text + "\n");
        return new NetworkToken(text);
    }

    private static Optional<NetworkToken> find(SecretFile file) {
        Optional<String> text = file.read().map(String::strip);
        if (text.isPresent() && !Secrets.isValid(text.get())) {
            throw file.malformed("must hold %d characters of base64url".formatted(Secrets.LENGTH));
        }
        return text.map(NetworkToken::new);
    }

    /** Whether a peer showed the same token; in constant time. */
    public boolean matches(String shown) {
        return Secrets.sameText(text, shown);
    }

    /** The token itself, for the header by which a peer is to know this node. */
    public String text() {
        return text;
    }

    /** Nothing of the token. */
    @Override
    public String toString() {
        return "NetworkToken(secret)";
    }
}
