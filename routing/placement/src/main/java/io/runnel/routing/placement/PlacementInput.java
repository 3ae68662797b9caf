package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;

import java.util.List;

/**
 * All that decides where a call runs, as it stood when it was decided.
 *
 * @param draining whether this POP takes no new work
 * @param fit whether the version may run at this POP at all
 * @param popular whether the task is often asked for here
 * @param replica how much of its code is here
 * @param room whether this POP can take the call
 * @param regions the regions that could be asked, the best first: see {@link RegionRanking}
 */
public record PlacementInput(
        boolean draining,
        Fit fit,
        boolean popular,
        Replica replica,
        Room room,
        List<RegionId> regions) {

    public PlacementInput {
        regions = List.copyOf(regions);
    }

    /** The same after no region could be reached. */
    public PlacementInput withoutRegions() {
        return new PlacementInput(draining, fit, popular, replica, room, List.of());
    }
}
