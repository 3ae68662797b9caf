package io.runnel.attestation;

import java.util.random.RandomGenerator;

/**
 * The id of an access key: {@code RNL} and 17 of A-Z and 2-7. Not secret. The form is so particular
 * that no token of a guest's own is mistaken for a key.
 */
public record KeyId(String value) {
    /** How many characters an id has. */
    public static final int LENGTH = 20;

    private static final String PREFIX = "RNL";
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no key id; the message does not repeat it,
     *     for it may be a secret in the wrong place
     */
    public KeyId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("key id must be RNL and 17 of A-Z and 2-7");
        }
    }

    /** Whether {@code value} would be accepted: for ids that come from outside. */
    public static boolean isValid(String value) {
        return value.length() == LENGTH && startsWithId(value);
    }

    /** Whether the first characters of {@code text} are a key id. */
    static boolean startsWithId(String text) {
        if (text.length() < LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            char c = text.charAt(i);
            if (!(c >= 'A' && c <= 'Z') && !(c >= '2' && c <= '7')) {
                return false;
            }
        }
        return true;
    }

    /** A new id of 85 random bits. */
    public static KeyId generate(RandomGenerator random) {
        StringBuilder out = new StringBuilder(LENGTH).append(PREFIX);
        while (out.length() < LENGTH) {
            out.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new KeyId(out.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
