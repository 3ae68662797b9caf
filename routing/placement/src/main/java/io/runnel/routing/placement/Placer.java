package io.runnel.routing.placement;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Gathers what {@link Placement} decides from, for one POP, and remembers what has to last from one
 * decision to the next: how much tasks are asked for, how long they take, which of them are away
 * because a region is faster. Lock-free, any thread; time, load and randomness are arguments.
 */
public final class Placer {
    private static final long MOMENT_NANOS = 1_000_000;

    private static final int PATTERNS = 16;
    private static final int VERSIONS = 64;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** By the number of what regions have of a version, see {@link RegionRanking#pattern}. */
    private record Patterned(long pattern, RankedRegions regions) {}

    /** For who asks again with the very same knowledge of copies. */
    private record Asked(Function<RegionId, RegionView.Copy> copies, RankedRegions regions) {}

    /** The regions as they stand at one moment; of some numbers of copies and versions too. */
    private record Moment(
            long atNanos,
            RankedRegions regions,
            AtomicReferenceArray<Patterned> patterned,
            AtomicReferenceArray<Asked> asked) {
        Moment(long atNanos, RankedRegions regions) {
            this(
                    atNanos,
                    regions,
                    new AtomicReferenceArray<>(PATTERNS),
                    new AtomicReferenceArray<>(VERSIONS));
        }
    }

    private final Popularity popularity;
    private final RegionRanking ranking;

    /** Null before the first call. */
    private volatile Moment lately;

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
     * @param eligible the regions in which the version may run
     * @param startNanos to make ready code that this POP holds; 0 if that is not known
     * @param need how much the time of its answers matters to its owner
     * @param copies what regions have of the version; the same object for calls that come soon
     *     after another is quicker
     */
    public record Situation(
            long key,
            long programBytes,
            long callBytes,
            EligibleRegions eligible,
            boolean draining,
            Fit fit,
            Replica replica,
            NodeLoad load,
            long startNanos,
            LatencyNeed need,
            Function<RegionId, RegionView.Copy> copies) {
        /** Of a version of which nobody knows what regions have. */
        public Situation(
                long key,
                long programBytes,
                long callBytes,
                EligibleRegions eligible,
                boolean draining,
                Fit fit,
                Replica replica,
                NodeLoad load,
                long startNanos,
                LatencyNeed need) {
            this(
                    key,
                    programBytes,
                    callBytes,
                    eligible,
                    draining,
                    fit,
                    replica,
                    load,
                    startNanos,
                    need,
                    region -> RegionView.Copy.UNKNOWN);
        }
    }

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
        RegionChoice choice = ranked(call, views, nowNanos).choose(random);
        return new PlacementInput(
                call.draining(),
                call.fit(),
                demand,
                call.replica(),
                call.load().room(call.callBytes(), choice),
                call.load(),
                popularity.times().of(call.key(), nowNanos),
                call.startNanos(),
                call.need(),
                choice);
    }

    /** Most calls come within a moment of another, and most tasks are bound to no region. */
    private RankedRegions ranked(
            Situation call, Function<RegionId, RegionView> views, long nowNanos) {
        if (!call.eligible().everywhere()) {
            return ranking.rank(call.eligible(), views, call.copies());
        }
        Moment now = moment(views, nowNanos);
        int slot = slot(call.key(), VERSIONS);
        Asked before = now.asked().get(slot);
        if (before != null && before.copies() == call.copies()) {
            return before.regions();
        }
        RankedRegions made = ranked(call, views, now);
        now.asked().set(slot, new Asked(call.copies(), made));
        return made;
    }

    private RankedRegions ranked(Situation call, Function<RegionId, RegionView> views, Moment now) {
        long pattern = ranking.pattern(call.copies());
        if (pattern == 0) {
            return now.regions();
        }
        int slot = slot(pattern, PATTERNS);
        Patterned same = now.patterned().get(slot);
        if (same != null && same.pattern() == pattern) {
            return same.regions();
        }
        RankedRegions made = ranking.rank(EligibleRegions.EVERYWHERE, views, call.copies());
        now.patterned().set(slot, new Patterned(pattern, made));
        return made;
    }

    /** By the upper bits of a product, of {@code slots}, a power of two. */
    private static int slot(long key, int slots) {
        return (int) ((key * SPREAD) >>> (Long.SIZE - Integer.numberOfTrailingZeros(slots)));
    }

    private Moment moment(Function<RegionId, RegionView> views, long nowNanos) {
        Moment last = lately;
        if (last != null
                && nowNanos >= last.atNanos()
                && nowNanos - last.atNanos() < MOMENT_NANOS) {
            return last;
        }
        Moment now = new Moment(nowNanos, ranking.rank(EligibleRegions.EVERYWHERE, views));
        lately = now;
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
