package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;

import java.util.List;
import java.util.function.Function;

/**
 * Gathers what {@link Placement} decides from, for one POP, and remembers what has to last from one
 * decision to the next: how much tasks are asked for, how long they take, which of them are away
 * because a region is faster. Lock-free, any thread; time, load and randomness are arguments.
 */
public final class Placer {
    private static final long MOMENT_NANOS = 1_000_000;

    private record Ranked(long atNanos, RankedRegions regions) {}

    private final Popularity popularity;
    private final RegionRanking ranking;

    /** Null before the first call. */
    private volatile Ranked lately;

    /** Places by this. */
    public Placer(Popularity popularity, RegionRanking ranking) {
        this.popularity = popularity;
        this.ranking = ranking;
    }

    /**
     * What is the case for a call at the moment, beside what is remembered.
     *
     * @param key of its task: {@link Popularity#key}
     * @param programBytes what its program costs when it is ready: {@link ProgramCost}
     * @param callBytes the memory that the call may take
     * @param bound the regions where alone the version may run; empty for everywhere
     * @param startNanos to make ready code that this POP holds; 0 if that is not known
     * @param urgent whether its owner said that every millisecond counts
     */
    public record Situation(
            long key,
            long programBytes,
            long callBytes,
            List<RegionId> bound,
            boolean draining,
            Fit fit,
            Replica replica,
            NodeLoad load,
            long startNanos,
            boolean urgent) {}

    /**
     * A call came: counts it, and gathers what decides where it runs.
     *
     * @param views what is known of a region; {@link RegionView#UNKNOWN} if nothing
     * @param nowNanos on the clock of the popularity
     * @param random any number, evenly drawn
     */
    public PlacementInput came(
            Situation call, Function<RegionId, RegionView> views, long nowNanos, long random) {
        Demand demand = popularity.record(call.key(), call.programBytes(), nowNanos);
        return input(call, demand, views, nowNanos, random);
    }

    /** As {@link #came}, for a call that did not come. */
    public PlacementInput ifCame(
            Situation call, Function<RegionId, RegionView> views, long nowNanos, long random) {
        Demand demand = popularity.look(call.key(), call.programBytes(), nowNanos);
        return input(call, demand, views, nowNanos, random);
    }

    private PlacementInput input(
            Situation call,
            Demand demand,
            Function<RegionId, RegionView> views,
            long nowNanos,
            long random) {
        RegionChoice choice = ranked(call.bound(), views, nowNanos).choose(random);
        return new PlacementInput(
                call.draining(),
                call.fit(),
                demand,
                call.replica(),
                call.load().room(call.callBytes(), choice),
                call.load(),
                popularity.times().of(call.key(), nowNanos),
                call.startNanos(),
                call.urgent(),
                choice);
    }

    /** Most calls come within a moment of another, and most tasks are bound to no region. */
    private RankedRegions ranked(
            List<RegionId> bound, Function<RegionId, RegionView> views, long nowNanos) {
        if (!bound.isEmpty()) {
            return ranking.rank(bound, views);
        }
        Ranked last = lately;
        if (last != null
                && nowNanos >= last.atNanos()
                && nowNanos - last.atNanos() < MOMENT_NANOS) {
            return last.regions();
        }
        RankedRegions now = ranking.rank(bound, views);
        lately = new Ranked(nowNanos, now);
        return now;
    }

    /** Where the call runs, and why; remembers it if it is away. */
    public PlacementDecision decide(long key, PlacementInput input) {
        return explain(key, input).decision();
    }

    /** As {@link #decide}, with what it was decided by. */
    public Explanation explain(long key, PlacementInput input) {
        Explanation explained = Placement.explain(input);
        switch (explained.decision()) {
            case PlacementDecision.Forward forward -> {
                if (forward.reason() == PlacedReason.LATENCY && !input.time().away()) {
                    popularity.times().settle(key, true);
                }
            }
            case PlacementDecision.RunHere _ -> {
                if (input.time().away()) {
                    popularity.times().settle(key, false);
                }
            }
            case PlacementDecision.Refuse _ -> {}
        }
        return explained;
    }

    /** What is counted and measured. */
    public Popularity popularity() {
        return popularity;
    }
}
