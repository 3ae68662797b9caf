package io.runnel.routing.journal;

import io.runnel.routing.placement.Explanation;
import io.runnel.routing.placement.Fit;
import io.runnel.routing.placement.Limit;
import io.runnel.routing.placement.PlacedReason;
import io.runnel.routing.placement.PlacementInput;
import io.runnel.routing.placement.RegionReason;
import io.runnel.routing.placement.RegionView;
import io.runnel.routing.placement.Replica;
import io.runnel.routing.placement.Room;

/**
 * What a POP decided by, as it stood then.
 *
 * @param reason what was decided: why here, or why in a region
 * @param limit what spoke first against running it here
 * @param recentCalls how often the task was called here lately, faded
 * @param freeSlots slots that nobody held
 * @param waitNanos how long a slot was expected to take
 * @param hereNanos what a call takes here, without waiting; 0 if nobody knew
 * @param regionCopy what the best region has of the version
 * @param regionReason why that region is the best
 * @param thereNanos what a call takes in the best region, with the way; 0 if nobody knew
 */
public record Decided(
        PlacedReason reason,
        Limit limit,
        Fit fit,
        Replica replica,
        Room room,
        float recentCalls,
        int freeSlots,
        long waitNanos,
        long hereNanos,
        RegionView.Copy regionCopy,
        RegionReason regionReason,
        long thereNanos) {

    /** What is noted of a decision. */
    public static Decided of(Explanation explained) {
        PlacementInput input = explained.input();
        boolean knowsThere = input.time().thereCalls() > 0;
        return new Decided(
                explained.decision().reason(),
                explained.limit(),
                input.fit(),
                input.replica(),
                input.room(),
                input.demand().recentCalls(),
                input.load().freeSlots(),
                input.load().waitNanos(),
                input.time().hereNanos(),
                input.choice().first().copy(),
                input.choice().reason(),
                knowsThere ? input.thereNanos() : 0);
    }
}
