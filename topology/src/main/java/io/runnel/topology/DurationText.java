package io.runnel.topology;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How people write durations: {@code 12ms}, {@code 0.5ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
public final class DurationText {
    private static final Pattern WRITTEN =
            Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,6}))?\\s*(ms|s|m|h)");

    private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(366).toNanos());

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if the text is none, or names parts of a nanosecond
     */
    public static Duration parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "duration must be a number with ms, s, m or h: '%s'"
                            .formatted(Shown.text(text)));
        }
        String decimals = matcher.group(2) == null ? "0" : matcher.group(2);
        BigDecimal count = new BigDecimal(matcher.group(1) + "." + decimals);
        BigDecimal nanos = count.multiply(BigDecimal.valueOf(nanosOf(matcher.group(3))));
        if (nanos.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "duration must be at most a year: '%s'".formatted(Shown.text(text)));
        }
        return Duration.ofNanos(nanos.longValue());
    }

    /** The duration in the largest unit that leaves no rest; below milliseconds with decimals. */
    public static String format(Duration duration) {
        long nanos = duration.toNanos();
        for (String unit : new String[] {"h", "m", "s", "ms"}) {
            if (nanos != 0 && nanos % nanosOf(unit) == 0) {
                return nanos / nanosOf(unit) + unit;
            }
        }
        return BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + "ms";
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw new IllegalArgumentException("no unit: " + unit);
        };
    }
}
