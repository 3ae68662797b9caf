package io.runnel.cluster.store;

/**
 * The answer to a write that may be asked again (by the same {@code Idempotency-Key}).
 *
 * @param account whose key it is
 * @param requestKey what the client calls the request
 * @param fingerprint of the request: another request under the same key is an error
 * @param body the answer; what is secret in it is sealed by the caller
 */
public record GivenAnswer(String account, String requestKey, String fingerprint, String body) {
    /** The longest body. */
    public static final int MOST_BODY_CHARACTERS = 64 * 1024;

    /** The longest request key. */
    public static final int MOST_KEY_CHARACTERS = 255;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if key or body is empty or too long
     */
    public GivenAnswer {
        if (requestKey.isEmpty() || requestKey.length() > MOST_KEY_CHARACTERS) {
            throw new IllegalArgumentException(
                    "request key must be 1 to %d characters".formatted(MOST_KEY_CHARACTERS));
        }
        if (body.length() > MOST_BODY_CHARACTERS) {
            throw new IllegalArgumentException(
                    "answer must be at most %d characters: %d"
                            .formatted(MOST_BODY_CHARACTERS, body.length()));
        }
    }

    /** Without the answer, which may be secret. */
    @Override
    public String toString() {
        return "GivenAnswer[%s %s]".formatted(account, requestKey);
    }
}
