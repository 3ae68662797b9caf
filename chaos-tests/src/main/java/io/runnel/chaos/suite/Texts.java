package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How single values of a scenario are written. What is wrong is an IllegalArgumentException. */
final class Texts {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?) ?%");
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Pattern DIFFERENCE = Pattern.compile("(-?)(\\d{1,6})(s|m|h)");
    private static final Duration LEAST_WRONG = Duration.ofSeconds(10);
    private static final Duration MOST_WRONG = Duration.ofDays(10);
    private static final int LONGEST_TITLE = 120;

    private Texts() {}

    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a name is 1 to 63 of a-z, 0-9 and inner '-': '%s'".formatted(text));
        }
        return text;
    }

    static String title(String text) {
        if (text.isBlank() || text.length() > LONGEST_TITLE) {
            throw new IllegalArgumentException(
                    "a title has 1 to %d characters: %d".formatted(LONGEST_TITLE, text.length()));
        }
        return text;
    }

    /** A time of at most ten minutes. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a time is written as 250ms, 3s or 1m: '%s'".formatted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    default -> Duration.ofMinutes(number);
                };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a time is at most 10m: '%s'".formatted(text));
        }
        return duration;
    }

    static Duration positive(String text) {
        Duration duration = duration(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("a time must not be 0 here: '%s'".formatted(text));
        }
        return duration;
    }

    /** {@code 1h} or {@code -90m}: by how much a clock is ahead; ten seconds to ten days. */
    static Duration difference(String text) {
        Matcher matcher = DIFFERENCE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "by how much a clock is ahead is written as 1h, -90m or 30s: '%s'"
                            .formatted(text));
        }
        long number = Long.parseLong(matcher.group(2));
        Duration duration =
                switch (matcher.group(3)) {
                    case "h" -> Duration.ofHours(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofSeconds(number);
                };
        if (duration.compareTo(LEAST_WRONG) < 0 || duration.compareTo(MOST_WRONG) > 0) {
            throw new IllegalArgumentException(
                    "a clock is wrong by 10s to 240h: '%s'".formatted(text));
        }
        return matcher.group(1).isEmpty() ? duration : duration.negated();
    }

    /** {@code 99.9%} as 0.999. */
    static double share(String text) {
        Matcher matcher = SHARE.matcher(text);
        double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : -1;
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException(
                    "a share is written as 99.9%%, 0%% to 100%%: '%s'".formatted(text));
        }
        return percent / 100;
    }

    static Allowance allowance(String text) {
        if (text.equals("under-way")) {
            return new Allowance.UnderWay();
        }
        return text.endsWith("%")
                ? new Allowance.Share(share(text))
                : new Allowance.Count(count(text));
    }

    static long count(String text) {
        if (!COUNT.matcher(text).matches()) {
            throw new IllegalArgumentException("a whole number is expected: '%s'".formatted(text));
        }
        return Long.parseLong(text);
    }

    static double toxicity(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("toxicity is a number: '%s'".formatted(text), e);
        }
        throw new IllegalArgumentException("toxicity is 0 to 1: '%s'".formatted(text));
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false: '%s'".formatted(text));
        };
    }

    /** One of an enum's constants, in lower case. */
    static <E extends Enum<E>> E word(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "one of %s is expected: '%s'"
                        .formatted(
                                String.join(
                                        ", ",
                                        java.util.Arrays.stream(type.getEnumConstants())
                                                .map(c -> c.name().toLowerCase(Locale.ROOT))
                                                .toList()),
                                text));
    }
}
