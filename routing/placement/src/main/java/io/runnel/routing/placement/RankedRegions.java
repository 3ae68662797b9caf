package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The regions that a POP could ask, ranked as they stood at one time by {@link RegionRanking}.
 * Immutable; choosing costs nanoseconds. Any thread.
 */
final class RankedRegions {
    private static final long NEAR_NANOS = 2_000_000;

    private final List<Ranked> near;

    /** For each of those that are near, with that one first. */
    private final List<RegionChoice> choices;

    RankedRegions(List<Ranked> regions) {
        List<Ranked> all = new ArrayList<>(regions);
        all.sort(Ranked.BEST_FIRST);
        List<Ranked> open =
                all.stream().filter(each -> each.tier().compareTo(Tier.OLD) <= 0).toList();
        this.near = near(open);
        Optional<Ranked> byWay = regions.stream().min(Ranked.BY_WAY);
        this.choices =
                open.isEmpty()
                        ? List.of(closed(all))
                        : near.stream()
                                .map(first -> startingWith(first, open, reason(first, byWay.get())))
                                .toList();
    }

    /** Between which a choice is drawn; only the best, where it is the own one and calm. */
    private static List<Ranked> near(List<Ranked> open) {
        if (open.isEmpty()) {
            return List.of();
        }
        Ranked best = open.getFirst();
        if (best.isOwn() && best.view().load() <= RegionView.CALM) {
            return List.of(best);
        }
        long most = best.cost() + Math.max(NEAR_NANOS, best.cost() / 10);
        return open.stream()
                .filter(each -> each.tier() == best.tier() && each.cost() <= most)
                .toList();
    }

    /**
     * Why this one is the first.
     *
     * @param byWay which would be, whatever any of them has of the version
     */
    private static RegionReason reason(Ranked first, Ranked byWay) {
        if (byWay.equals(first)) {
            return RegionReason.WAY;
        }
        return switch (byWay.view().copy()) {
            case OLD -> RegionReason.HOLDS;
            case COLD ->
                    first.view().copy() == RegionView.Copy.WARM
                            ? RegionReason.WARM
                            : RegionReason.WAY;
            case WARM, UNKNOWN -> RegionReason.WAY;
        };
    }

    private static RegionChoice startingWith(Ranked first, List<Ranked> open, RegionReason reason) {
        List<RegionId> regions = new ArrayList<>(open.size());
        regions.add(first.region());
        for (Ranked each : open) {
            if (!each.equals(first)) {
                regions.add(each.region());
            }
        }
        return new RegionChoice(regions, first.view(), reason, false, List.of());
    }

    /** None of them can be asked as the others would be. */
    private static RegionChoice closed(List<Ranked> all) {
        if (all.isEmpty()) {
            return RegionChoice.NONE;
        }
        Ranked best = all.getFirst();
        return best.tier() == Tier.FULL
                ? RegionChoice.FULL
                : new RegionChoice(
                        List.of(),
                        RegionView.UNKNOWN,
                        RegionReason.WAY,
                        false,
                        List.of(best.region()));
    }

    /**
     * The regions to ask.
     *
     * @param random any number, evenly drawn
     */
    RegionChoice choose(long random) {
        return choices.size() == 1 ? choices.getFirst() : choices.get(lessLoadedOfTwo(random));
    }

    private int lessLoadedOfTwo(long random) {
        int one = (int) Long.remainderUnsigned(random >>> 32, near.size());
        int step = 1 + (int) Long.remainderUnsigned(random & 0xFFFF_FFFFL, near.size() - 1);
        int other = (one + step) % near.size();
        int lower = Math.min(one, other);
        int higher = Math.max(one, other);
        return near.get(higher).view().load() < near.get(lower).view().load() ? higher : lower;
    }

    /** The tiers, the best first. */
    enum Tier {
        /** The own region and the failover regions. */
        UP,
        /** Others, of a bound version. */
        UP_ELSEWHERE,
        /** Nothing is known of them. */
        UNKNOWN,
        /** They have an older version only, and would have to get the one that is to run. */
        OLD,
        FULL,
        DRAINING,
        DOWN
    }

    record Ranked(RegionId region, RegionView view, Tier tier, int group, long cost) {
        private static final Comparator<Ranked> BEST_FIRST =
                Comparator.comparing(Ranked::tier)
                        .thenComparingLong(Ranked::groupOfUnknown)
                        .thenComparingLong(Ranked::cost);

        /** As it would be ranked if nobody knew what regions have of the version. */
        private static final Comparator<Ranked> BY_WAY =
                Comparator.comparing(Ranked::tierByWay)
                        .thenComparingLong(Ranked::groupOfUnknown)
                        .thenComparingLong(each -> each.cost() - each.view().startNanos());

        private Tier tierByWay() {
            if (tier != Tier.OLD) {
                return tier;
            }
            return group < 2 ? Tier.UP : Tier.UP_ELSEWHERE;
        }

        boolean isOwn() {
            return group == 0;
        }

        /** Of regions that nobody has asked yet, the round trip is a guess: the own one first. */
        private long groupOfUnknown() {
            return tier == Tier.UNKNOWN ? group : 0;
        }
    }
}
