package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;

import java.util.List;

/** Where a call runs. */
public sealed interface PlacementDecision {
    /** Why there; of a refusal, why it would have gone to a region. */
    PlacedReason reason();

    /**
     * At this POP.
     *
     * @param waiting for a slot, when none is free
     */
    record RunHere(PlacedReason reason, Waiting waiting) implements PlacementDecision {}

    /** How long a call may wait here for a slot. */
    enum Waiting {
        /** Not at all: one was free. */
        NONE,
        /** As long as the way to a region takes; then it takes that way. */
        SHORT,
        /** As long as it may: there is nowhere else. */
        LONG
    }

    /**
     * In the first of these regions that answers.
     *
     * @param regions never empty
     * @param warmUp whether to fetch the code and make it ready here meanwhile
     */
    record Forward(PlacedReason reason, List<RegionId> regions, boolean warmUp)
            implements PlacementDecision {
        public Forward {
            regions = List.copyOf(regions);
        }
    }

    /**
     * Nowhere.
     *
     * @param reason why it would have gone to a region
     */
    record Refuse(Refusal refusal, PlacedReason reason) implements PlacementDecision {}

    /** Why a call runs nowhere. */
    enum Refusal {
        /** It has to run in a region, and none is reachable. */
        REGION_UNREACHABLE,
        /** It could run here, but nothing is free, and no region is reachable. */
        OVER_CAPACITY
    }
}
