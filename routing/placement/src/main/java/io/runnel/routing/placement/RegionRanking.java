package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Which regions a POP would ask, the best first.
 *
 * <p>The POP's own region comes first as long as it is up, then its failover regions: those that
 * are up before those of which nothing is known yet, the nearer before the farther, in the order of
 * the topology where that says nothing. A region that is down or drains is left out, and so is, for
 * a version that is bound to regions, every other one. A bound version may also be forwarded to
 * those of its regions that are no failover of this POP, after the others.
 *
 * <p>Pure. Any thread.
 */
public final class RegionRanking {
    private final RegionId own;
    private final List<RegionId> failover;

    /** For a POP of this region with these failover regions, in the topology's order. */
    public RegionRanking(RegionId own, List<RegionId> failover) {
        this.own = own;
        this.failover = List.copyOf(failover);
    }

    /**
     * The regions to ask, the best first; empty if none can be reached.
     *
     * @param bound where alone the version may run; empty for everywhere
     * @param views what is known of a region; {@link RegionView#UNKNOWN} if nothing
     */
    public List<RegionId> rank(List<RegionId> bound, Function<RegionId, RegionView> views) {
        List<Ranked> ranked = new ArrayList<>(2 + failover.size());
        add(ranked, own, bound, views, 0);
        for (RegionId region : failover) {
            add(ranked, region, bound, views, 1);
        }
        for (RegionId region : bound) {
            if (!region.equals(own) && !failover.contains(region)) {
                add(ranked, region, bound, views, 2);
            }
        }
        ranked.sort(Ranked.BEST_FIRST);
        List<RegionId> best = new ArrayList<>(ranked.size());
        for (Ranked each : ranked) {
            best.add(each.region());
        }
        return best;
    }

    private static void add(
            List<Ranked> ranked,
            RegionId region,
            List<RegionId> bound,
            Function<RegionId, RegionView> views,
            int group) {
        if (!bound.isEmpty() && !bound.contains(region)) {
            return;
        }
        RegionView view = views.apply(region);
        switch (view.reach()) {
            case UP -> ranked.add(new Ranked(region, group, view.roundTripNanos()));
            case UNKNOWN -> ranked.add(new Ranked(region, 3 + group, view.roundTripNanos()));
            case DRAINING, DOWN -> {}
        }
    }

    private record Ranked(RegionId region, int group, long roundTripNanos) {
        static final Comparator<Ranked> BEST_FIRST =
                Comparator.comparingInt(Ranked::group).thenComparingLong(Ranked::roundTripNanos);
    }
}
