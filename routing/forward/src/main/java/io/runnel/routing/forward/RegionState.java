package io.runnel.routing.forward;

import java.time.Duration;

/**
 * What is known of a region.
 *
 * @param misses pings, connections and connections' answers in a row that came to nothing
 * @param roundTripNanos smoothed over the last pings; before the first one a guess
 * @param loadPercent what it said lately of its load, 100 or more if it is full; at least 100 while
 *     it refused a call for want of room just now, whatever it says; 0 if nobody knows
 * @param loadAgeNanos since it last said so; the largest number if it never did
 * @param breaker of its circuit breaker
 */
public record RegionState(
        Reach reach,
        int misses,
        long roundTripNanos,
        int loadPercent,
        long loadAgeNanos,
        Breaker breaker) {
    /** The smoothing of RFC 6298: an eighth of the new, seven of the old. */
    private static final int SMOOTHING = 8;

    private static final int FULL = 100;

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

    /** How its calls went lately. */
    public enum Breaker {
        /** Well enough. */
        CLOSED,
        /** Badly; a few calls are to show whether that is over. */
        HALF_OPEN,
        /** Badly: none is sent while another region can be asked. */
        OPEN
    }

    /** Of a region whose load nobody knows. */
    RegionState(Reach reach, int misses, long roundTripNanos) {
        this(reach, misses, roundTripNanos, 0, Long.MAX_VALUE, Breaker.CLOSED);
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

    RegionState with(int load, long ageNanos, Breaker state) {
        return new RegionState(reach, misses, roundTripNanos, load, ageNanos, state);
    }

    /** Whether it has no room for more calls now. */
    public boolean isFull() {
        return loadPercent >= FULL;
    }
}
