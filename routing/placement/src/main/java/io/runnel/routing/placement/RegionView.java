package io.runnel.routing.placement;

/**
 * What a POP knows of a region when it ranks them.
 *
 * @param roundTripNanos measured, or the topology's guess, or 0
 */
public record RegionView(Reach reach, long roundTripNanos) {
    /** Of a region that was never heard of. */
    public static final RegionView UNKNOWN = new RegionView(Reach.UNKNOWN, 0);

    /** Whether a region can be asked. */
    public enum Reach {
        /** It answered lately. */
        UP,
        /** It was not asked yet. */
        UNKNOWN,
        /** It answers, but takes no new calls. */
        DRAINING,
        /** It does not answer. */
        DOWN
    }
}
