package io.runnel.pop;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionState;
import io.runnel.routing.placement.RegionView;

/** What was measured of the regions, as placement takes it. */
record RegionViews(RegionHealth health) {
    RegionView view(RegionId region) {
        RegionState state = health.state(region);
        return new RegionView(
                switch (state.reach()) {
                    case UNKNOWN -> RegionView.Reach.UNKNOWN;
                    case UP -> RegionView.Reach.UP;
                    case DRAINING -> RegionView.Reach.DRAINING;
                    case DOWN -> RegionView.Reach.DOWN;
                },
                state.roundTripNanos());
    }
}
