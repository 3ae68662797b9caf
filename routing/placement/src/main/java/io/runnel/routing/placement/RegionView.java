package io.runnel.routing.placement;

/**
 * What a POP knows of a region when it ranks them.
 *
 * @param roundTripNanos measured, or the topology's guess, or 0
 * @param load what it says of itself, in percent of what it can take; 100 and more is full
 * @param copy what it has of the version that is to run
 */
public record RegionView(Reach reach, long roundTripNanos, int load, Copy copy) {
    /** Of a region that was never heard of. */
    public static final RegionView UNKNOWN = new RegionView(Reach.UNKNOWN, 0);

    /** From here on a region takes nothing that another could. */
    public static final int FULL = 100;

    /** Up to here calls do not wait for each other there. */
    public static final int CALM = 50;

    private static final long MOST_PENALTY_NANOS = 10_000_000;
    private static final long START_NANOS = 15_000_000;

    /** Of a region that says nothing of its load. */
    public RegionView(Reach reach, long roundTripNanos) {
        this(reach, roundTripNanos, 0);
    }

    /** Of a region that says nothing of what it has. */
    public RegionView(Reach reach, long roundTripNanos, int load) {
        this(reach, roundTripNanos, load, Copy.UNKNOWN);
    }

    /** The same of a region that has this of the version that is to run. */
    public RegionView with(Copy other) {
        return copy == other ? this : new RegionView(reach, roundTripNanos, load, other);
    }

    /** What a region has of a version. */
    public enum Copy {
        /** It does not say. */
        UNKNOWN,
        /** It ran it lately: a call starts warm. */
        WARM,
        /** Its code: a call waits for a start. */
        COLD,
        /** An older version only. */
        OLD
    }

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

    /** Whether it is up and can take nothing more. */
    public boolean isFull() {
        return reach == Reach.UP && load >= FULL;
    }

    /**
     * How much longer a call may take there because of its load: nothing up to half of what it can
     * take, then by the square of the rest, 10 ms when it is full.
     */
    public long penaltyNanos() {
        if (load <= CALM) {
            return 0;
        }
        double above = (Math.min(load, FULL) - CALM) / (double) (FULL - CALM);
        return (long) (MOST_PENALTY_NANOS * above * above);
    }

    /** How much longer a call takes there because it has to be started; a guess. */
    public long startNanos() {
        return copy == Copy.COLD ? START_NANOS : 0;
    }

    /** What it costs a call to run there rather than here, beside its own time. */
    public long costNanos() {
        return roundTripNanos + penaltyNanos() + startNanos();
    }
}
