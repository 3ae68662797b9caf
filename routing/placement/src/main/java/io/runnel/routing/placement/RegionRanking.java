package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.RankedRegions.Ranked;
import io.runnel.routing.placement.RankedRegions.Tier;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which regions a POP would ask, the best first.
 *
 * <p>Regions go by what they cost a call: the round trip, and what their load, or a start where it
 * is known that one is needed, may add. The POP's own region, where the code that its users call is
 * warm, is given an advantage: half of its round trip, or 10 ms if that is more. So it comes first
 * as long as it is up and not much farther than a failover region. Among regions that cost nearly
 * the same (2 ms, or a tenth, more than the best) two are drawn and the less loaded of them goes
 * first (two random choices: Mitzenmacher 2001), for all POPs see the same loads, and would
 * otherwise all turn to the same region at once; unless the best is the own one and far from full.
 *
 * <p>A region that is known to have an older version only comes behind all that can be asked: it
 * would have to get the one that is to run. One that is known not to have it warm costs a start
 * more. Of what a region does not say nothing is assumed. (US10372499: among regions that hold the
 * current version, by what they have received before.)
 *
 * <p>Those that are up come before those of which nothing is known yet; in the order of the
 * topology where nothing else decides. What is full is left out as long as anything else is left,
 * and so is what is down or drains; of these the best is named as last resort, if there is nothing
 * else at all. For a version that is bound to regions every other one is left out; it may also be
 * forwarded to those of its regions that are no failover of this POP, after the others.
 *
 * <p>Pure. Any thread.
 */
public final class RegionRanking {
    private static final long OWN_ADVANTAGE_NANOS = 10_000_000;

    private static final int MOST_PATTERNED = 32;

    private final RegionId own;
    private final List<RegionId> failover;

    /** For a POP of this region with these failover regions, in the topology's order. */
    public RegionRanking(RegionId own, List<RegionId> failover) {
        this.own = own;
        this.failover = List.copyOf(failover);
    }

    /**
     * The regions to ask.
     *
     * @param eligible where the version may run
     * @param views what is known of a region; {@link RegionView#UNKNOWN} if nothing
     * @param random any number, evenly drawn
     */
    public RegionChoice choose(
            EligibleRegions eligible, Function<RegionId, RegionView> views, long random) {
        return rank(eligible, views).choose(random);
    }

    /**
     * What the regions have of a version, as a number: 0 if nobody knows of any of them. Two
     * versions of the same number are ranked alike, if they are bound to no region.
     */
    long pattern(Function<RegionId, RegionView.Copy> copies) {
        long pattern = digit(copies.apply(own));
        int patterned = Math.min(failover.size(), MOST_PATTERNED - 1);
        for (int i = 0; i < patterned; i++) {
            pattern |= digit(copies.apply(failover.get(i))) << (2 * (i + 1));
        }
        return pattern;
    }

    private static long digit(RegionView.Copy copy) {
        return switch (copy) {
            case UNKNOWN -> 0;
            case WARM -> 1;
            case COLD -> 2;
            case OLD -> 3;
        };
    }

    /**
     * As {@link #rank(EligibleRegions, Function)}, for a version of which regions have this.
     *
     * @param copies only asked for the first 32 regions of a version that is not bound
     */
    RankedRegions rank(
            EligibleRegions eligible,
            Function<RegionId, RegionView> views,
            Function<RegionId, RegionView.Copy> copies) {
        Set<RegionId> beyond =
                eligible.everywhere() && failover.size() >= MOST_PATTERNED
                        ? Set.copyOf(failover.subList(MOST_PATTERNED - 1, failover.size()))
                        : Set.of();
        return rank(
                eligible,
                region -> {
                    RegionView view = views.apply(region);
                    return beyond.contains(region) ? view : view.with(copies.apply(region));
                });
    }

    /** The regions as they stand now, from which many calls may choose. */
    RankedRegions rank(EligibleRegions eligible, Function<RegionId, RegionView> views) {
        List<Ranked> ranked = new ArrayList<>(1 + failover.size() + eligible.named().size());
        add(ranked, own, eligible, views, 0);
        for (RegionId region : failover) {
            add(ranked, region, eligible, views, 1);
        }
        for (RegionId region : eligible.named()) {
            if (!region.equals(own) && !failover.contains(region)) {
                add(ranked, region, eligible, views, 2);
            }
        }
        return new RankedRegions(ranked);
    }

    private static void add(
            List<Ranked> ranked,
            RegionId region,
            EligibleRegions eligible,
            Function<RegionId, RegionView> views,
            int group) {
        if (eligible.include(region)) {
            RegionView view = views.apply(region);
            ranked.add(new Ranked(region, view, tier(view, group), group, cost(view, group)));
        }
    }

    private static Tier tier(RegionView view, int group) {
        return switch (view.reach()) {
            case UP -> up(view, group);
            case UNKNOWN -> Tier.UNKNOWN;
            case DRAINING -> Tier.DRAINING;
            case DOWN -> Tier.DOWN;
        };
    }

    private static Tier up(RegionView view, int group) {
        if (view.isFull()) {
            return Tier.FULL;
        }
        if (view.copy() == RegionView.Copy.OLD) {
            return Tier.OLD;
        }
        return group < 2 ? Tier.UP : Tier.UP_ELSEWHERE;
    }

    private static long cost(RegionView view, int group) {
        long way = view.roundTripNanos();
        long shortened =
                group == 0 ? Math.max(0, way - Math.max(way / 2, OWN_ADVANTAGE_NANOS)) : way;
        return shortened + view.costNanos() - way;
    }
}
