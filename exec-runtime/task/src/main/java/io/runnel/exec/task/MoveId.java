package io.runnel.exec.task;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One move of a running call to another node: 32 hexadecimal digits that nobody can guess, for who
 * knows them gets the call's answer.
 */
public record MoveId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final int BYTES = 16;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if it is none
     */
    public MoveId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a move has 32 hexadecimal digits");
        }
    }

    /** Whether this text is one. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /** One of 16 random bytes. */
    public static MoveId of(byte[] random) {
        if (random.length != BYTES) {
            throw new IllegalArgumentException("a move is made of 16 bytes: " + random.length);
        }
        return new MoveId(HexFormat.of().formatHex(random));
    }

    @Override
    public String toString() {
        return value;
    }
}
