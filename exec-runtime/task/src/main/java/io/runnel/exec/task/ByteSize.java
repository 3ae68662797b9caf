package io.runnel.exec.task;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, never negative. Written as people write it: {@code 64MiB}, {@code 1GiB}. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    /** No bytes. */
    public static final ByteSize ZERO = new ByteSize(0);

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if negative
     */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size must not be negative: " + bytes);
        }
    }

    public static ByteSize ofKiB(long count) {
        return new ByteSize(Math.multiplyExact(count, 1L << 10));
    }

    public static ByteSize ofMiB(long count) {
        return new ByteSize(Math.multiplyExact(count, 1L << 20));
    }

    /**
     * Reads {@code 512}, {@code 512B}, {@code 64KiB}, {@code 64MiB}, {@code 1GiB} or {@code 1TiB}.
     *
     * @throws IllegalArgumentException if the text is none of these or too large
     */
    public static ByteSize parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "size must be a whole number with B, KiB, MiB, GiB or TiB: '%s'"
                            .formatted(Names.shown(text)));
        }
        try {
            long count = Long.parseLong(matcher.group(1));
            return new ByteSize(Math.multiplyExact(count, 1L << shift(matcher.group(2))));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "size is too large: '%s'".formatted(Names.shown(text)), e);
        }
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            case null, default -> 0;
        };
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The largest unit that divides it: {@code 64MiB}, {@code 1536B}. */
    @Override
    public String toString() {
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            int shift = 40 - 10 * i;
            if (bytes != 0 && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + units[i];
            }
        }
        return bytes + "B";
    }
}
