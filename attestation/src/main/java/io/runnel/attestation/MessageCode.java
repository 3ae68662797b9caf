package io.runnel.attestation;

import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A code (HMAC-SHA256, RFC 2104) that only who has the secret can make. Safe for any thread. */
public final class MessageCode {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    /** With this secret, of at least a byte. */
    public MessageCode(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** The code of a text: 32 bytes. */
    public byte[] of(byte[] text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
