package io.runnel.attestation.document;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What whoever wants a document says of it, and whoever checks it expects.
 *
 * @param audience for whom it is: 1 to 256 printable ASCII characters without spaces
 * @param nonce what nobody could know before: 1 to 128 of {@code A-Z a-z 0-9 . _ ~ -}
 */
public record Asked(Optional<String> audience, Optional<String> nonce) {
    /** For everybody, at any time. */
    public static final Asked NOTHING = new Asked(Optional.empty(), Optional.empty());

    private static final Pattern AUDIENCE = Pattern.compile("[!-~]{1,256}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not of its form
     */
    public Asked {
        audience.filter(a -> !AUDIENCE.matcher(a).matches()).ifPresent(a -> refuse("audience"));
        nonce.filter(n -> !NONCE.matcher(n).matches()).ifPresent(n -> refuse("nonce"));
    }

    private static void refuse(String what) {
        throw new IllegalArgumentException(
                "audience".equals(what)
                        ? "an audience is 1 to 256 printable characters without spaces"
                        : "a nonce is 1 to 128 of A-Z a-z 0-9 . _ ~ -");
    }
}
