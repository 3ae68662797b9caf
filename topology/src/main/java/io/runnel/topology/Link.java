package io.runnel.topology;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known beforehand about the way from a POP or region to a region.
 *
 * @param from a POP or a region
 * @param to a region
 * @param rtt round trip, not negative: a first guess for ranking and drawing; what is measured wins
 * @param via the detour that calls in this direction take
 */
public record Link(String from, String to, Duration rtt, Optional<Via> via) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the round trip is negative
     */
    public Link {
        if (rtt.isNegative()) {
            throw new IllegalArgumentException(
                    "rtt must not be negative: %d ms".formatted(rtt.toMillis()));
        }
    }
}
