package io.runnel.routing.placement;

import java.util.Locale;
import java.util.Optional;

/** Why a call runs where it runs: what {@code Runnel-Placed} says. */
public enum PlacedReason {
    /** Here: often asked for, and the code is ready. */
    POPULAR,
    /** Here: seldom asked for, but expected about now, and made ready for that. */
    EXPECTED,
    /**
     * In a region: no slot or no memory is free here, or what is left is for what is called more.
     * Here: all regions are full.
     */
    CAPACITY,
    /** In a region: it may take more than this POP gives, or needs what it has not. */
    PROFILE,
    /** In a region: seldom asked for here, for the memory that it takes. */
    UNCOMMON,
    /** In a region: often asked for, but the code is not ready here yet. */
    NO_REPLICA,
    /** Here: no region is reachable, and the code is here. */
    STALE,
    /** In a region: its version is bound to regions, and this POP is in none of them. */
    PINNED,
    /** In a region: its owner wants it so. */
    POLICY,
    /** In a region: this POP takes no new work. */
    DRAINING,
    /**
     * Where it answers soonest: in a region, since it was measured to be faster there; or here,
     * though its code has to be made ready first, since that is shorter than the way.
     */
    LATENCY;

    /** As it stands in {@code Runnel-Placed}: {@code no-replica}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The reason that stands so in {@code Runnel-Placed}. */
    public static Optional<PlacedReason> ofLabel(String label) {
        for (PlacedReason reason : values()) {
            if (reason.label().equals(label)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
