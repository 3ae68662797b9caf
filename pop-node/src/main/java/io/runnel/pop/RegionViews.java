package io.runnel.pop;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionState;
import io.runnel.routing.placement.RegionView;

/** What was measured of the regions, as placement takes it. */
record RegionViews(RegionHealth health) {
    RegionView view(RegionId region) {
        return of(health.state(region));
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
