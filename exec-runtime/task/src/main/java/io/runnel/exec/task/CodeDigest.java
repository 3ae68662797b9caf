package io.runnel.exec.task;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a task's code, as 64 lower-case hexadecimal digits: the name of the code. */
public record CodeDigest(String value) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no such digest
     */
    public CodeDigest {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "code digest must be 64 of 0-9 and a-f: '%s'".formatted(Names.shown(value)));
        }
    }

    /** Whether {@code value} would be accepted: for digests that come from outside. */
    public static boolean isValid(String value) {
        return value.length() == 64
                && value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** The digest of these bytes. */
    public static CodeDigest of(byte[] code) {
        return ofHash(newHash().digest(code));
    }

    /** The digest that a {@link #newHash} arrived at. */
    public static CodeDigest ofHash(byte[] sha256) {
        return new CodeDigest(HexFormat.of().formatHex(sha256));
    }

    /** A hash to feed with code that is too long for one array. */
    public static MessageDigest newHash() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The first twelve digits: enough for people. */
    public String brief() {
        return value.substring(0, 12);
    }

    @Override
    public String toString() {
        return value;
    }
}
