package io.runnel.topology;

import java.time.Duration;

/**
 * A round trip from a distance alone. Light makes about 200 km a millisecond in glass, and cables
 * run about half as far again as the crow flies.
 */
final class RoundTripGuess {
    private static final double KM_PER_MS_IN_GLASS = 200;
    private static final double DETOUR = 1.5;
    private static final double LAST_MILE_MS = 1;

    private RoundTripGuess() {}

    static Duration between(Location a, Location b) {
        double ms = LAST_MILE_MS + 2 * DETOUR * a.kilometresTo(b) / KM_PER_MS_IN_GLASS;
        return Duration.ofMillis(Math.round(ms));
    }
}
