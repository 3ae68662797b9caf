package io.runnel.routing.api;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A format that texts are checked for ({@code format}). Others say nothing that is checked.
 *
 * @param name as schemas have it
 * @param test of a text that is not too long for any
 */
record TextFormat(String name, Predicate<String> test) implements Format {
    static final List<TextFormat> ALL =
            List.of(
                    new TextFormat("date", TextFormat::isDate),
                    new TextFormat("date-time", text -> isOf(OffsetDateTime::parse, text)),
                    new TextFormat("time", text -> isOf(OffsetTime::parse, text)),
                    new TextFormat("uuid", TextFormat::isUuid),
                    new TextFormat("email", TextFormat::isEmail),
                    new TextFormat("ipv4", TextFormat::isAddress),
                    new TextFormat("uri", TextFormat::isUri));

    private static final int MOST_CHARACTERS = 2_048;
    private static final int DATE_CHARACTERS = 10;
    private static final int UUID_CHARACTERS = 36;
    private static final int MOST_OF_ADDRESS = 254;

    static Optional<TextFormat> of(String name) {
        return ALL.stream().filter(format -> format.name.equals(name)).findFirst();
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
        CheckSteps.current().take(1 + Math.min(value.length(), MOST_CHARACTERS));
        return value.length() <= MOST_CHARACTERS && test.test(value);
    }

    private static boolean isDate(String text) {
        return text.length() == DATE_CHARACTERS && isOf(LocalDate::parse, text);
    }

    private static boolean isOf(Parsing parsing, String text) {
        try {
            return parsing.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isUuid(String text) {
        if (text.length() != UUID_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            char c = text.charAt(i);
            if (dash ? c != '-' : c >= 0x80 || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** One @ with something before it, and behind it names with dots between. */
    private static boolean isEmail(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || text.length() > MOST_OF_ADDRESS || text.indexOf('@') != at) {
            return false;
        }
        boolean plain = text.chars().noneMatch(c -> Character.isISOControl(c) || c == ' ');
        return plain
                && Stream.of(text.substring(at + 1).split("\\.", -1)).allMatch(TextFormat::isLabel);
    }

    private static boolean isLabel(String text) {
        return !text.isEmpty()
                && text.length() <= 63
                && !text.startsWith("-")
                && !text.endsWith("-");
    }

    private static boolean isAddress(String text) {
        String[] parts = text.split("\\.", -1);
        return parts.length == 4 && Stream.of(parts).allMatch(TextFormat::isByte);
    }

    private static boolean isByte(String text) {
        boolean digits =
                !text.isEmpty()
                        && text.length() <= 3
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits
                && (text.length() == 1 || text.charAt(0) != '0')
                && Integer.parseInt(text) <= 255;
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Reads a time. */
    private interface Parsing {
        Object parse(CharSequence text);
    }
}
