package io.runnel.routing.forward;

import java.time.Duration;

/**
 * How long it takes to a region and back: smoothed as in RFC 6298, from the guess on, over the
 * shorter of the last two pings each. A single long ping says how busy this machine was, not how
 * far the region is: the first ones of a node, sent while it still starts, would otherwise make its
 * own region farther than any other.
 *
 * @param nanos the estimate
 * @param lastNanos what the last ping took; before the first one the guess
 */
public record RoundTrip(long nanos, long lastNanos) {
    private static final int SMOOTHING = 8;

    /** Nothing was measured yet. */
    public static RoundTrip guess(Duration guess) {
        return new RoundTrip(guess.toNanos(), guess.toNanos());
    }

    /** After a ping that took so long. */
    RoundTrip measured(long took) {
        long shorter = Math.min(took, lastNanos);
        return new RoundTrip(nanos + (shorter - nanos) / SMOOTHING, took);
    }
}
