package io.runnel.routing.placement;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;

import java.util.List;

/**
 * All that decides where a call runs, as it stood when it was decided.
 *
 * @param draining whether this POP takes no new work
 * @param fit whether the version may run at this POP at all
 * @param demand how much the task is asked for here, against what there is room for
 * @param replica how much of its code is here
 * @param room whether this POP can take the call
 * @param load what this POP has free
 * @param time how long the task's calls take, here and there
 * @param startNanos to make ready code that this POP holds; 0 if that is not known
 * @param need how much the time of its answers matters to its owner: if it is urgent it takes fewer
 *     calls for it to come to the POP, and more for it to leave
 * @param choice the regions that could be asked: see {@link RegionRanking}
 */
public record PlacementInput(
        boolean draining,
        Fit fit,
        Demand demand,
        Replica replica,
        Room room,
        NodeLoad load,
        RunTime time,
        long startNanos,
        LatencyNeed need,
        RegionChoice choice) {
    private static final long LEAST_MARGIN_NANOS = 2_000_000;
    private static final long USUAL_WAY_NANOS = 100_000_000;
    private static final double MOST_LONGER = 4;

    /** The regions that could be asked, the best first. */
    public List<RegionId> regions() {
        return choice.regions();
    }

    /** The same after no region could be reached. */
    public PlacementInput withoutRegions() {
        return new PlacementInput(
                draining,
                fit,
                demand,
                replica,
                room,
                load,
                time,
                startNanos,
                need,
                RegionChoice.NONE);
    }

    /**
     * How many calls lately are often: the longer the way to the best region, the fewer, for each
     * that runs here saves that way. 20 up to 100 ms, 5 from 400 ms on, and 5 if it is urgent.
     */
    public double popularFrom() {
        if (isUrgent()) {
            return Popularity.POPULAR_CALLS / MOST_LONGER;
        }
        double longer =
                choice.regions().isEmpty()
                        ? 1
                        : choice.first().roundTripNanos() / (double) USUAL_WAY_NANOS;
        return Popularity.POPULAR_CALLS / Math.clamp(longer, 1, MOST_LONGER);
    }

    private boolean isUrgent() {
        return need == LatencyNeed.URGENT;
    }

    /** Whether little is left here, and the task is not one of those for which it is kept. */
    public boolean leavesRoom() {
        return load.isScarce() && (need == LatencyNeed.RELAXED || !demand.hasRank());
    }

    /** Whether it is called often enough, for that way, or returns lastingly. */
    public boolean isWanted() {
        return demand.isWanted(popularFrom());
    }

    /** What a call would take here, with waiting for a slot. */
    public long hereNanos() {
        return load.waitNanos() + time.hereNanos();
    }

    /** What a call would take in the first of the regions, with the way. */
    public long thereNanos() {
        return choice.first().costNanos() + time.thereNanos();
    }

    /**
     * How much faster a region must be for a task to leave: 2 ms, or a fifth of what it takes
     * there; if it is urgent three tenths more. To stay away a quarter of that is enough, so that
     * what is nearly equal does not go to and fro.
     */
    public long marginNanos() {
        long there = thereNanos();
        long leave = Math.max(LEAST_MARGIN_NANOS, there / 5) + (isUrgent() ? there * 3 / 10 : 0);
        return time.away() ? leave / 4 : leave;
    }

    /**
     * Whether code that is held here can be made ready, and run, sooner than the best region
     * answers: by the margin by which a region would have to be faster otherwise.
     */
    public boolean isStartedSoonerHere() {
        return replica == Replica.HELD
                && startNanos > 0
                && room == Room.FREE
                && !load.isScarce()
                && !choice.regions().isEmpty()
                && !time.away()
                && !isFasterThere()
                && choice.first().costNanos() - startNanos > LEAST_MARGIN_NANOS;
    }

    /** Whether a region is faster, as far as that is known. */
    public boolean isFasterThere() {
        return time.isComparable()
                && !choice.regions().isEmpty()
                && hereNanos() - thereNanos() > marginNanos();
    }
}
