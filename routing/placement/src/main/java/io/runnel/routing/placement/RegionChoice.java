package io.runnel.routing.placement;

import io.runnel.exec.task.RegionId;

import java.util.List;

/**
 * Which regions a call may be sent to.
 *
 * @param regions to ask, the best first; none of them full
 * @param first what is known of the first of them
 * @param full whether there is none but those that are full
 * @param reason why the first of them is the first
 * @param lastResort a region to try all the same where otherwise nothing is left: it was found down
 *     or drains, but there is no other; at most one
 */
public record RegionChoice(
        List<RegionId> regions,
        RegionView first,
        RegionReason reason,
        boolean full,
        List<RegionId> lastResort) {
    /** There is none. */
    public static final RegionChoice NONE =
            new RegionChoice(List.of(), RegionView.UNKNOWN, RegionReason.WAY, false, List.of());

    /** There are some, all of them full. */
    public static final RegionChoice FULL =
            new RegionChoice(List.of(), RegionView.UNKNOWN, RegionReason.WAY, true, List.of());

    public RegionChoice {
        regions = List.copyOf(regions);
        lastResort = List.copyOf(lastResort);
    }
}
