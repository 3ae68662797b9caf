package io.runnel.routing.placement.simulation;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.RegionView;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a POP has to do with its regions: how far they are, which links are cut. For one thread. */
final class Links {
    /** Two pings that nobody answers. */
    private static final long NOTICED_AFTER = SimSettings.SECOND;

    /** Until a connection is given up. */
    static final double GIVEN_UP_AFTER = 250e6;

    private final int[] regions;
    private final double[] roundTripNanos;
    private final List<List<World.Outage>> outages = new ArrayList<>();
    private final Map<RegionId, Integer> places = new HashMap<>();
    private final RegionLoads loads;

    Links(World world, int pop, RegionLoads loads) {
        this.loads = loads;
        regions = world.regionsOf(pop);
        roundTripNanos = new double[regions.length];
        for (int i = 0; i < regions.length; i++) {
            roundTripNanos[i] = world.roundTripNanos(pop, regions[i]);
            outages.add(world.outages(pop, regions[i]));
            places.put(World.name(regions[i]), i);
        }
    }

    int count() {
        return regions.length;
    }

    int place(RegionId region) {
        return places.get(region);
    }

    int region(int place) {
        return regions[place];
    }

    double roundTripNanos(int place) {
        return roundTripNanos[place];
    }

    boolean isCut(int place, long nowNanos) {
        for (World.Outage each : outages.get(place)) {
            if (nowNanos >= each.fromNanos() && nowNanos < each.toNanos()) {
                return true;
            }
        }
        return false;
    }

    /** What the POP knows. */
    RegionView view(int place, long nowNanos) {
        boolean down = isCut(place, nowNanos) && isCut(place, nowNanos - NOTICED_AFTER);
        return new RegionView(
                down ? RegionView.Reach.DOWN : RegionView.Reach.UP,
                (long) roundTripNanos[place],
                loads.percent(regions[place]));
    }

    /** How long a call is on its way there and back, with what the load adds. */
    double wayNanos(int place) {
        var view = new RegionView(RegionView.Reach.UP, 0, loads.percent(regions[place]));
        return roundTripNanos[place] + view.penaltyNanos();
    }
}
