package io.runnel.exec.task;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.random.RandomGenerator;

/**
 * The id of one call, the same at the POP, in the region and in the log: 26 characters of
 * lower-case base 32, which sort by time (48 bits of milliseconds, then 80 random bits, as in
 * ULID).
 */
public record RequestId(String value) {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 26;
    private static final int DIGEST_BYTES = 10;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no request id
     */
    public RequestId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "request id must be 26 of 0-9 and a-z: '%s'".formatted(Names.shown(value)));
        }
    }

    /** Whether {@code value} would be accepted: for ids that come from outside. */
    public static boolean isValid(String value) {
        if (value.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = value.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z')) {
                return false;
            }
        }
        return true;
    }

    /** A new id for a call that came at {@code epochMillis}. */
    public static RequestId next(long epochMillis, RandomGenerator random) {
        return of(epochMillis, random.nextLong(), random.nextLong());
    }

    /**
     * The id that whoever knows both gives to a call: the first 80 bits of a digest stand in place
     * of random ones.
     *
     * @throws IllegalArgumentException if the digest is shorter
     */
    public static RequestId of(long epochMillis, byte[] digest) {
        if (digest.length < DIGEST_BYTES) {
            throw new IllegalArgumentException("a digest of 80 bits is needed: " + digest.length);
        }
        return of(epochMillis, half(digest, 0), half(digest, DIGEST_BYTES / 2));
    }

    private static long half(byte[] digest, int from) {
        long bits = 0;
        for (int i = from; i < from + DIGEST_BYTES / 2; i++) {
            bits = bits << 8 | (digest[i] & 0xff);
        }
        return bits;
    }

    private static RequestId of(long epochMillis, long low, long high) {
        byte[] out = new byte[LENGTH];
        for (int i = 0; i < 10; i++) {
            out[i] = (byte) DIGITS.charAt((int) (epochMillis >>> (45 - 5 * i)) & 31);
        }
        for (int i = 0; i < 8; i++) {
            out[10 + i] = (byte) DIGITS.charAt((int) (low >>> (5 * i)) & 31);
            out[18 + i] = (byte) DIGITS.charAt((int) (high >>> (5 * i)) & 31);
        }
        return new RequestId(new String(out, ISO_8859_1));
    }

    @Override
    public String toString() {
        return value;
    }
}
