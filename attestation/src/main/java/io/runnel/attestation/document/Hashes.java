package io.runnel.attestation.document;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash that is used. */
public final class Hashes {
    private Hashes() {}

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
