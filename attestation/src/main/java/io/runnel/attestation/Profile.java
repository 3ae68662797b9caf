package io.runnel.attestation;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One section of a credentials file.
 *
 * @param name as in {@code [name]}: 1 to 128 printable ASCII characters without space or brackets
 * @param endpoint where this key is of use, if said
 * @param ca the file with the certificate of the network's root, if said
 */
public record Profile(String name, BearerToken token, Optional<URI> endpoint, Optional<Path> ca) {
    private static final int MOST_CHARACTERS = 128;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the name would not stand in a file
     */
    public Profile {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "profile name must be 1 to %d printable characters without brackets or space"
                            .formatted(MOST_CHARACTERS));
        }
    }

    /** One that says nothing of the network's root. */
    public Profile(String name, BearerToken token, Optional<URI> endpoint) {
        this(name, token, endpoint, Optional.empty());
    }

    static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MOST_CHARACTERS
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '[' && c != ']');
    }
}
