package io.runnel.attestation.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.identity.Identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an authority has a POP sign, so that nothing from before can be shown again. Whichever of a
 * region's nodes gave one out, all of them know it: it carries its time under a code that only who
 * has the authority's key can make. So nothing is kept, and nobody can fill what is not kept. Safe
 * for any thread.
 */
public final class JoinNonces {
    /** How long one is good, and how far the clocks of a region's nodes may be apart. */
    public static final Duration LIFE = Duration.ofSeconds(60);

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] PURPOSE = "runnel nonce for who joins".getBytes(UTF_8);
    private static final int CODE_BYTES = 16;
    private static final int BYTES = Long.BYTES + CODE_BYTES;

    private final SecretKeySpec secret;

    /** Those of the authority that has this key. */
    public JoinNonces(CertifiedKey authority) {
        byte[] key = authority.key().getEncoded();
        this.secret =
                new SecretKeySpec(code(new SecretKeySpec(key, ALGORITHM), PURPOSE), ALGORITHM);
    }

    /** One for this POP, from now. */
    public String next(Identity.Pop pop, Instant now) {
        return text(now.toEpochMilli(), pop);
    }

    /** Whether one was given out to this POP, not too long ago; hostile. */
    public boolean isOf(String nonce, Identity.Pop pop, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (bytes.length != BYTES) {
            return false;
        }
        long at = ByteBuffer.wrap(bytes).getLong();
        boolean isOurs =
                MessageDigest.isEqual(nonce.getBytes(UTF_8), text(at, pop).getBytes(UTF_8));
        return isOurs && Duration.between(Instant.ofEpochMilli(at), now).abs().compareTo(LIFE) <= 0;
    }

    private String text(long millis, Identity.Pop pop) {
        byte[] uri = pop.uri().getBytes(UTF_8);
        byte[] signed =
                ByteBuffer.allocate(Long.BYTES + uri.length).putLong(millis).put(uri).array();
        byte[] code = Arrays.copyOf(code(secret, signed), CODE_BYTES);
        byte[] nonce = ByteBuffer.allocate(BYTES).putLong(millis).put(code).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    }

    private static byte[] code(SecretKeySpec secret, byte[] text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
