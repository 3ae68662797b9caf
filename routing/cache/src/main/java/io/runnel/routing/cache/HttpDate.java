package io.runnel.routing.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Dates as headers name them, in the three forms of RFC 9110, section 5.6.7. Times are milliseconds
 * since 1970. The name of the day has to be one, but not to fit.
 */
final class HttpDate {
    private static final int LONGEST = "Wednesday, 06-Nov-94 08:49:37 GMT".length();
    private static final int FIXED = "Sun, 06 Nov 1994 08:49:37 GMT".length();
    private static final int ASCTIME = "Sun Nov  6 08:49:37 1994".length();
    private static final int SHORT_NAME = 3;
    private static final int CENTURY = 100;

    /** A date in two digits is not further ahead than this. */
    private static final int MOST_YEARS_AHEAD = 50;

    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    /** As {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    static String format(long millis) {
        return FORMAT.format(Instant.ofEpochMilli(millis));
    }

    /**
     * Reads a date; empty if it is none.
     *
     * @param nowMillis by which a year of two digits is understood
     */
    static OptionalLong parse(String text, long nowMillis) {
        if (text.length() > LONGEST) {
            return OptionalLong.empty();
        }
        try {
            int comma = text.indexOf(',');
            if (comma < 0) {
                return asctime(text);
            }
            return comma == SHORT_NAME ? fixed(text) : rfc850(text, comma, nowMillis);
        } catch (DateTimeException | NumberFormatException none) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong fixed(String text) {
        return text.length() == FIXED
                        && isDay(text.substring(0, 3), SHORT_NAME)
                        && hasAt(text, 3, ", ")
                        && hasAt(text, 7, " ")
                        && hasAt(text, 11, " ")
                        && hasAt(text, 16, " ")
                        && hasAt(text, 25, " GMT")
                ? millis(number(text, 12, 16), month(text, 8), number(text, 5, 7), text, 17)
                : OptionalLong.empty();
    }

    private static OptionalLong rfc850(String text, int comma, long nowMillis) {
        int day = comma + 2;
        boolean wellFormed =
                text.length() == day + 22
                        && isDay(text.substring(0, comma), Integer.MAX_VALUE)
                        && hasAt(text, comma, ", ")
                        && hasAt(text, day + 2, "-")
                        && hasAt(text, day + 6, "-")
                        && hasAt(text, day + 9, " ")
                        && hasAt(text, day + 18, " GMT");
        if (!wellFormed) {
            return OptionalLong.empty();
        }
        int year = year(number(text, day + 7, day + 9), nowMillis);
        return millis(year, month(text, day + 3), number(text, day, day + 2), text, day + 10);
    }

    private static int year(int ofCentury, long nowMillis) {
        int now = Instant.ofEpochMilli(nowMillis).atOffset(ZoneOffset.UTC).getYear();
        int most = now + MOST_YEARS_AHEAD;
        return most - Math.floorMod(most - ofCentury, CENTURY);
    }

    private static OptionalLong asctime(String text) {
        boolean wellFormed =
                text.length() == ASCTIME
                        && isDay(text.substring(0, 3), SHORT_NAME)
                        && hasAt(text, 3, " ")
                        && hasAt(text, 7, " ")
                        && hasAt(text, 10, " ")
                        && hasAt(text, 19, " ");
        if (!wellFormed) {
            return OptionalLong.empty();
        }
        int dayFrom = text.charAt(8) == ' ' ? 9 : 8;
        return millis(number(text, 20, 24), month(text, 4), number(text, dayFrom, 10), text, 11);
    }

    private static OptionalLong millis(int year, OptionalInt month, int day, String text, int at) {
        if (month.isEmpty() || !hasAt(text, at + 2, ":") || !hasAt(text, at + 5, ":")) {
            return OptionalLong.empty();
        }
        int second = number(text, at + 6, at + 8);
        LocalDateTime time =
                LocalDateTime.of(
                        year,
                        month.getAsInt(),
                        day,
                        number(text, at, at + 2),
                        number(text, at + 3, at + 5),
                        // A leap second is the second before it.
                        second == 60 ? 59 : second);
        return OptionalLong.of(time.toInstant(ZoneOffset.UTC).toEpochMilli());
    }

    private static boolean isDay(String name, int characters) {
        return DAYS.stream()
                .anyMatch(day -> day.substring(0, Math.min(characters, day.length())).equals(name));
    }

    private static boolean hasAt(String text, int at, String part) {
        return text.startsWith(part, at);
    }

    private static OptionalInt month(String text, int at) {
        int index = MONTHS.indexOf(text.substring(at, at + SHORT_NAME));
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
    }

    /** Digits alone, no sign. */
    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new NumberFormatException(text);
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
