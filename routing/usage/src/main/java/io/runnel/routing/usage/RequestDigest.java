package io.runnel.routing.usage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a run was asked for by: the first 128 bits of the SHA-256 of the request's method, its
 * target, the access key, the request's id and, if the request was signed, its header {@code
 * Authorization}, with a line's end after each. Whoever made the call has all of these and finds it
 * again. Pure; for any thread.
 */
public record RequestDigest(long high, long low) {
    /** Of a record from before there were any. */
    public static final RequestDigest NONE = new RequestDigest(0, 0);

    /** What it takes, in bytes. */
    static final int BYTES = 2 * Long.BYTES;

    /**
     * Of a request.
     *
     * @param target as it came: path and query
     * @param key the access key; empty for none
     * @param id of the request
     * @param signature the header by which it was proved; empty if by something else
     */
    public static RequestDigest of(
            String method, String target, String key, String id, String signature) {
        String text = String.join("\n", method, target, key, id, signature, "");
        ByteBuffer hash = ByteBuffer.wrap(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
        return new RequestDigest(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
