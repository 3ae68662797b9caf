package io.runnel.attestation.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.MessageCode;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.identity.Identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * What an authority has a POP sign, so that nothing from before can be shown again. Whichever of a
 * region's nodes gave one out, all of them know it: it carries its time under a code that only who
 * has the authority's key can make. So nothing is kept, and nobody can fill what is not kept. Safe
 * for any thread.
 */
public final class JoinNonces {
    /** How long one is good, and how far the clocks of a region's nodes may be apart. */
    public static final Duration LIFE = Duration.ofSeconds(60);

    private static final byte[] PURPOSE = "runnel nonce for who joins".getBytes(UTF_8);
    private static final int CODE_BYTES = 16;
    private static final int BYTES = Long.BYTES + CODE_BYTES;

    private final MessageCode code;

    /** Those of the authority that has this key. */
    public JoinNonces(CertifiedKey authority) {
        byte[] key = authority.key().getEncoded();
        this.code = new MessageCode(new MessageCode(key).of(PURPOSE));
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
        byte[] tag = Arrays.copyOf(code.of(signed), CODE_BYTES);
        byte[] nonce = ByteBuffer.allocate(BYTES).putLong(millis).put(tag).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    }
}
