package io.runnel.routing.forward;

import java.time.Duration;

/**
 * What is known of a region.
 *
 * @param misses pings and connections in a row that came to nothing
 * @param roundTripNanos smoothed over the last pings; before the first one a guess
 */
public record RegionState(Reach reach, int misses, long roundTripNanos) {
    /** The smoothing of RFC 6298: an eighth of the new, seven of the old. */
    private static final int SMOOTHING = 8;

    /** Whether a region can be asked. */
    public enum Reach {
        /** It was not asked yet. */
        UNKNOWN,
        /** It answers. */
        UP,
        /** It answers, but takes no new calls. */
        DRAINING,
        /** It does not answer. */
        DOWN
    }

    static RegionState unknown(Duration guess) {
        return new RegionState(Reach.UNKNOWN, 0, guess.toNanos());
    }

    RegionState answered(Reach as, long nanos) {
        long smoothed =
                reach == Reach.UNKNOWN
                        ? nanos
                        : roundTripNanos + (nanos - roundTripNanos) / SMOOTHING;
        return new RegionState(as, 0, smoothed);
    }

    RegionState missed(int mostMisses) {
        int now = Math.min(misses + 1, mostMisses);
        return new RegionState(now >= mostMisses ? Reach.DOWN : reach, now, roundTripNanos);
    }
}
