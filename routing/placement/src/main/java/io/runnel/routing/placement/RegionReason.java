package io.runnel.routing.placement;

/** Why a region is asked first. */
public enum RegionReason {
    /** By the way and the load alone. */
    WAY,
    /** The one that would be first by these does not hold the version that is to run. */
    HOLDS,
    /** The one that would be first by these would have to start it; this one has it warm. */
    WARM
}
