package io.runnel.routing.api;

import java.time.Duration;

/**
 * How a route's answers are kept and given again (RFC 9111, RFC 5861).
 *
 * @param maxAge how long one is as good as new
 * @param staleWhileRevalidate how long after that one is still given, while a new one is made
 * @param staleIfError how long after that one is given where no new one could be made
 * @param authenticated whether also those are kept that were made for a key, for that key's account
 */
public record CacheRule(
        Duration maxAge,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        boolean authenticated) {
    /** The longest, of each. */
    public static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is negative or longer than the longest
     */
    public CacheRule {
        require("maxAge", maxAge);
        require("staleWhileRevalidate", staleWhileRevalidate);
        require("staleIfError", staleIfError);
    }

    private static void require(String what, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "%s must be 0s to %dd".formatted(what, LONGEST.toDays()));
        }
    }
}
