package io.runnel.topology;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RuntimeKind;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How single values are read. What is wrong is an IllegalArgumentException that names the value.
 */
final class Scalars {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?\\d{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,4}(\\.\\d{1,20})?");
    private static final Duration LONGEST_ROUND_TRIP = Duration.ofMinutes(1);

    private Scalars() {}

    static String label(String text) {
        if (!NodeName.isValid(text)) {
            throw wrong("name must be 1 to 63 of a-z, 0-9 and inner '-'", text);
        }
        return text;
    }

    static boolean registry(String text) {
        return yesOrNo("registry", text);
    }

    static boolean yesOrNo(String key, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key + " must be true or false", text);
        };
    }

    static boolean chaos(String text) {
        return switch (text) {
            case "allowed" -> true;
            case "refused" -> false;
            default -> throw wrong("chaos must be allowed or refused", text);
        };
    }

    static StoreSetting store(String text) {
        if (text.equals("sqlite")) {
            return new StoreSetting.Sqlite();
        }
        if (text.startsWith("postgresql:") || text.startsWith("postgres:")) {
            return StoreUrl.parse(text);
        }
        throw wrong("store must be sqlite or postgresql://USER@HOST:PORT/DATABASE", text);
    }

    static int slots(String text) {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw wrong("slots must be a whole number", text);
        }
        int slots = Integer.parseInt(text);
        if (slots < 1 || slots > Capacity.MOST_SLOTS) {
            throw new IllegalArgumentException(Capacity.slotsRule(text));
        }
        return slots;
    }

    static Function<String, ByteSize> positiveSize(String key) {
        return text -> {
            ByteSize size = size(key, text);
            if (size.bytes() == 0) {
                throw new IllegalArgumentException("%s must be positive: %s".formatted(key, size));
            }
            return size;
        };
    }

    private static ByteSize size(String key, String text) {
        if (text.startsWith("-")) {
            throw new IllegalArgumentException(
                    "%s must be positive: %s".formatted(key, Shown.text(text)));
        }
        return ByteSize.parse(text);
    }

    static Function<String, Double> degrees(String key, int most) {
        return text -> {
            if (!DECIMAL.matcher(text).matches()) {
                throw wrong(key + " must be a number of degrees", text);
            }
            double degrees = Double.parseDouble(text);
            if (Math.abs(degrees) > most) {
                throw new IllegalArgumentException(
                        "%s must be -%d to %d: %s".formatted(key, most, most, text));
            }
            return degrees;
        };
    }

    static Address dialled(String text) {
        Address address = Address.parse(text);
        if (address.isWildcard()) {
            throw wrong("address must be one that other nodes can dial", text);
        }
        return address;
    }

    static Duration roundTrip(String text) {
        Duration rtt = DurationText.parse(text);
        if (rtt.compareTo(LONGEST_ROUND_TRIP) > 0) {
            throw wrong("rtt must be at most " + DurationText.format(LONGEST_ROUND_TRIP), text);
        }
        return rtt;
    }

    static Duration positiveDuration(String text) {
        Duration duration = DurationText.parse(text);
        if (duration.isZero()) {
            throw wrong("duration must be positive", text);
        }
        return duration;
    }

    static RuntimeKind runtime(String text) {
        List<String> known = Arrays.stream(RuntimeKind.values()).map(RuntimeKind::label).toList();
        return RuntimeKind.ofLabel(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "runtime must be one of %s: '%s'%s"
                                                .formatted(
                                                        String.join(", ", known),
                                                        Shown.text(text),
                                                        Suggestion.question(text, known))));
    }

    private static IllegalArgumentException wrong(String rule, String value) {
        return new IllegalArgumentException("%s: '%s'".formatted(rule, Shown.text(value)));
    }
}
