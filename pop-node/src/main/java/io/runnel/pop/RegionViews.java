package io.runnel.pop;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionState;
import io.runnel.routing.placement.RegionView;
import io.runnel.topology.Region;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was measured of the regions, as placement takes it. */
record RegionViews(RegionHealth health) {
    RegionView view(RegionId region) {
        return of(health.state(region));
    }

    /** How far each of these can be reached, for people, by its name. */
    Map<String, String> reach(List<Region> regions) {
        Map<String, String> reach = new TreeMap<>();
        for (Region region : regions) {
            RegionView.Reach now = view(region.name()).reach();
            reach.put(region.name().value(), now.name().toLowerCase(Locale.ROOT));
        }
        return reach;
    }

    /** One whose calls fail counts as down, until its circuit breaker lets trials through. */
    static RegionView of(RegionState state) {
        RegionView.Reach reach =
                switch (state.reach()) {
                    case UNKNOWN -> RegionView.Reach.UNKNOWN;
                    case UP ->
                            state.breaker() == RegionState.Breaker.OPEN
                                    ? RegionView.Reach.DOWN
                                    : RegionView.Reach.UP;
                    case DRAINING -> RegionView.Reach.DRAINING;
                    case DOWN -> RegionView.Reach.DOWN;
                };
        return new RegionView(reach, state.roundTripNanos(), state.loadPercent());
    }
}
