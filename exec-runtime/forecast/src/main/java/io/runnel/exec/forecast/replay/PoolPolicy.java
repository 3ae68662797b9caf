package io.runnel.exec.forecast.replay;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What decides how many idle isolates a pool holds, and for how long. */
public sealed interface PoolPolicy {
    /** The shortest and the longest time that {@code fixed:} takes. */
    Duration LONGEST = Duration.ofDays(7);

    /** Every isolate is kept for the same time after its last use; none is prepared. */
    record Fixed(Duration keepAlive) implements PoolPolicy {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if it is negative or longer than {@link #LONGEST}
         */
        public Fixed {
            if (keepAlive.isNegative() || keepAlive.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "keep-alive must be 0s to %dd: %s".formatted(LONGEST.toDays(), keepAlive));
            }
        }

        @Override
        public String toString() {
            return "fixed:" + written(keepAlive);
        }

        private static String written(Duration time) {
            if (time.toMillis() % 1_000 != 0) {
                return time.toMillis() + "ms";
            }
            long seconds = time.toSeconds();
            return seconds % 3_600 == 0 && seconds > 0
                    ? seconds / 3_600 + "h"
                    : seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
        }
    }

    /** The hybrid histogram policy: {@link HybridHistogram}. */
    record Histogram() implements PoolPolicy {
        @Override
        public String toString() {
            return "histogram";
        }
    }

    /** What this product does: {@link io.runnel.exec.forecast.Demand}. */
    record Forecast() implements PoolPolicy {
        @Override
        public String toString() {
            return "forecast";
        }
    }

    /**
     * Reads {@code fixed:10m}, {@code histogram} or {@code forecast}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    static PoolPolicy parse(String text) {
        return switch (text) {
            case "histogram" -> new Histogram();
            case "forecast" -> new Forecast();
            default -> new Fixed(Written.keepAlive(text));
        };
    }

    /** How the time of a fixed policy is written. */
    final class Written {
        private static final Pattern FIXED = Pattern.compile("fixed:(\\d{1,9})(ms|s|m|h|d)");

        private Written() {}

        private static Duration keepAlive(String text) {
            Matcher matcher = FIXED.matcher(text.toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "policy must be fixed:DURATION (as in fixed:10m), histogram or forecast:"
                                + " '%s'".formatted(text.replaceAll("\\p{Cntrl}", "?")));
            }
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
    }
}
