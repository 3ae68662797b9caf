package io.runnel.attestation.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.attestation.MessageCode;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a node gives out so that a caller can show a document that nobody has seen before. One is
 * good for a while and once, at the node that gave it. Nothing is kept of those that are given out:
 * they carry their time under a code. Of those that were used the code is, until they end. Safe for
 * any thread.
 */
public final class CallerNonces {
    /** How long one is good. */
    public static final Duration LIFE = Duration.ofSeconds(30);

    /** Each that was used cost a signature: more than a node can check meanwhile. */
    private static final int MOST_USED = 500_000;

    private static final int SECRET_BYTES = 32;
    private static final int RANDOM_BYTES = 8;
    private static final int TAG_BYTES = 16;
    private static final int BYTES = Long.BYTES + RANDOM_BYTES + TAG_BYTES;

    private final SecureRandom random;
    private final MessageCode code;
    private final Map<String, Instant> used = new ConcurrentHashMap<>();

    /** Those of one process. */
    public CallerNonces(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        this.random = random;
        this.code = new MessageCode(secret);
    }

    /** Another one. */
    public String next(Instant now) {
        byte[] own = new byte[RANDOM_BYTES];
        random.nextBytes(own);
        return text(now.toEpochMilli(), own);
    }

    private String text(long millis, byte[] own) {
        byte[] signed = ByteBuffer.allocate(BYTES - TAG_BYTES).putLong(millis).put(own).array();
        byte[] tag = Arrays.copyOf(code.of(signed), TAG_BYTES);
        byte[] nonce = ByteBuffer.allocate(BYTES).put(signed).put(tag).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    }

    /** Uses one up: whether it is of here and of now, and was not used before; hostile. */
    boolean use(String nonce, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (bytes.length != BYTES) {
            return false;
        }
        long millis = ByteBuffer.wrap(bytes).getLong();
        String ours = text(millis, Arrays.copyOfRange(bytes, Long.BYTES, BYTES - TAG_BYTES));
        Instant at = Instant.ofEpochMilli(millis);
        Instant end = at.plus(LIFE);
        return MessageDigest.isEqual(ours.getBytes(US_ASCII), nonce.getBytes(US_ASCII))
                && !now.isBefore(at)
                && now.isBefore(end)
                && isFirst(nonce, now, end);
    }

    private boolean isFirst(String nonce, Instant now, Instant end) {
        if (used.size() >= MOST_USED) {
            used.values().removeIf(its -> !now.isBefore(its));
        }
        return used.size() < MOST_USED && used.putIfAbsent(nonce, end) == null;
    }
}
