package io.runnel.routing.placement;

import io.runnel.routing.placement.PlacementDecision.Forward;
import io.runnel.routing.placement.PlacementDecision.Refusal;
import io.runnel.routing.placement.PlacementDecision.Refuse;
import io.runnel.routing.placement.PlacementDecision.RunHere;
import io.runnel.routing.placement.PlacementDecision.Waiting;

/**
 * Decides whether a call runs at the POP or in a region (US11762703).
 *
 * <p>First the rules that no load changes: a POP that drains takes nothing, and what is bound
 * elsewhere or needs more than the POP gives goes to a region. Then what is seldom asked for goes
 * to a region, so that it takes no slot from what is popular; but what was made ready here because
 * it is expected now stays. Then code that is not ready: the call goes to a region rather than
 * wait, and the POP gets it ready meanwhile. Last the room there is: a call waits here for a slot
 * no longer than it would take to a region.
 *
 * <p>When no region can be reached, whatever could run here does, popular or not.
 *
 * <p>Pure: the same input, the same decision. Any thread.
 */
public final class Placement {
    private Placement() {}

    /** Where the call runs, and why. */
    public static PlacementDecision decide(PlacementInput input) {
        PlacedReason reason = preferred(input);
        boolean here = reason == PlacedReason.POPULAR || reason == PlacedReason.EXPECTED;
        if (here && input.room() == Room.FREE) {
            return new RunHere(reason, Waiting.NONE);
        }
        if (input.regions().isEmpty()) {
            return cutOff(input, reason);
        }
        if (here) {
            return new RunHere(reason, Waiting.SHORT);
        }
        return new Forward(reason, input.regions(), reason == PlacedReason.NO_REPLICA);
    }

    /** {@link PlacedReason#POPULAR} to run it here, else why a region should. */
    private static PlacedReason preferred(PlacementInput input) {
        if (input.draining()) {
            return PlacedReason.DRAINING;
        }
        if (input.fit() != Fit.FITS) {
            return input.fit() == Fit.BOUND_ELSEWHERE ? PlacedReason.PINNED : PlacedReason.PROFILE;
        }
        boolean expected = input.replica() == Replica.EXPECTED;
        if (!input.popular() && !expected) {
            return PlacedReason.UNCOMMON;
        }
        if (input.replica() != Replica.READY && !expected) {
            return PlacedReason.NO_REPLICA;
        }
        return switch (input.room()) {
            case FREE, SOON -> input.popular() ? PlacedReason.POPULAR : PlacedReason.EXPECTED;
            case QUEUE, FULL -> PlacedReason.CAPACITY;
        };
    }

    private static PlacementDecision cutOff(PlacementInput input, PlacedReason wanted) {
        boolean never = input.draining() || input.fit() != Fit.FITS;
        if (never || input.replica() == Replica.ABSENT) {
            return new Refuse(Refusal.REGION_UNREACHABLE, wanted);
        }
        return switch (input.room()) {
            case FREE, SOON, QUEUE -> new RunHere(PlacedReason.STALE, Waiting.LONG);
            case FULL -> new Refuse(Refusal.OVER_CAPACITY, wanted);
        };
    }
}
