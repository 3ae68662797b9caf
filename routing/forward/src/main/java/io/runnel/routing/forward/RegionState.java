package io.runnel.routing.forward;

import java.time.Duration;

/**
 * What is known of a region.
 *
 * @param misses pings, connections and connections' answers in a row that came to nothing
 * @param roundTrip to it and back
 * @param loadPercent what it said lately of its load, 100 or more if it is full; at least 100 while
 *     it refused a call for want of room just now, whatever it says; 0 if nobody knows
 * @param loadAgeNanos since it last said so; the largest number if it never did
 * @param breaker of its circuit breaker
 */
public record RegionState(
        Reach reach,
        int misses,
        RoundTrip roundTrip,
        int loadPercent,
        long loadAgeNanos,
        Breaker breaker) {
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
    RegionState(Reach reach, int misses, RoundTrip roundTrip) {
        this(reach, misses, roundTrip, 0, Long.MAX_VALUE, Breaker.CLOSED);
    }

    static RegionState unknown(Duration guess) {
        return new RegionState(Reach.UNKNOWN, 0, RoundTrip.guess(guess));
    }

    RegionState answered(Reach as, long nanos) {
        return new RegionState(as, 0, roundTrip.measured(nanos));
    }

    RegionState missed(int mostMisses) {
        int now = Math.min(misses + 1, mostMisses);
        return new RegionState(now >= mostMisses ? Reach.DOWN : reach, now, roundTrip);
    }

    RegionState with(int load, long ageNanos, Breaker state) {
        return new RegionState(reach, misses, roundTrip, load, ageNanos, state);
    }

    /** To it and back, nanoseconds; before anything was measured a guess. */
    public long roundTripNanos() {
        return roundTrip.nanos();
    }

    /** Whether a call had rather go there: it can be asked, goes well, has room, is near. */
    boolean isBetterThan(RegionState other) {
        if (rank() != other.rank()) {
            return rank() < other.rank();
        }
        return loadPercent == other.loadPercent
                ? roundTripNanos() < other.roundTripNanos()
                : loadPercent < other.loadPercent;
    }

    private int rank() {
        int broken = breaker == Breaker.CLOSED ? 0 : 1;
        return switch (reach) {
            case UP -> broken;
            case UNKNOWN -> 2 + broken;
            case DRAINING -> 4;
            case DOWN -> 5;
        };
    }

    /** Whether it has no room for more calls now. */
    public boolean isFull() {
        return loadPercent >= FULL;
    }
}
