package io.runnel.routing.forward;

import java.util.List;

/** What a region accounts for of a call's time, by its {@code Server-Timing}. Pure. */
final class Accounted {
    private static final String DURATION = ";dur=";
    private static final int NANOS_PER_MILLI = 1_000_000;

    private Accounted() {}

    /** All phases together, nanoseconds; what is malformed counts nothing. */
    static long nanos(List<String> timings) {
        double millis = 0;
        for (String timing : timings) {
            int from = timing.indexOf(DURATION);
            while (from >= 0) {
                int start = from + DURATION.length();
                int end = start;
                while (end < timing.length() && isOfNumber(timing.charAt(end))) {
                    end++;
                }
                millis += number(timing.substring(start, end));
                from = timing.indexOf(DURATION, end);
            }
        }
        return (long) (millis * NANOS_PER_MILLI);
    }

    private static boolean isOfNumber(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
