package io.runnel.routing.forward;

import java.time.Duration;

/**
 * How regions are watched.
 *
 * @param interval from the start of one ping to the next
 * @param timeout after which a ping without an answer counts as missed
 * @param misses in a row until a region is down
 */
public record HealthSettings(Duration interval, Duration timeout, int misses) {
    /** A ping every 500 ms; down after two misses of 1 s. */
    public static final HealthSettings DEFAULT =
            new HealthSettings(Duration.ofMillis(500), Duration.ofSeconds(1), 2);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public HealthSettings {
        requireMillis("interval", interval);
        requireMillis("timeout", timeout);
        if (misses < 1) {
            throw new IllegalArgumentException("misses must be positive: " + misses);
        }
    }

    private static void requireMillis(String what, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "%s must be at least 1 ms: %d ns".formatted(what, value.toNanos()));
        }
    }
}
