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
 * elsewhere or needs more than the POP gives goes to a region. Then what is seldom asked for, or
 * too seldom for the memory that it takes, goes to a region, so that it takes no room from what is
 * popular; but what was made ready here because it is expected now stays. Then code that is not
 * ready: the call goes to a region rather than wait, and the POP gets it ready meanwhile; unless it
 * is held here, and known to be ready sooner than a region would answer. Then the room there is:
 * the last slots are for what is called most and somebody waits for, and a call waits here for a
 * slot no longer than it would take to a region. Last, what is really faster in a region, since it
 * mostly waits for something near that region, is run there.
 *
 * <p>When no region can be reached, whatever could run here does, popular or not. When all that can
 * be reached are full, it may wait here for long; what cannot run here is refused, without asking
 * them. Nothing runs here that may not: neither what is bound elsewhere nor what needs too much.
 *
 * <p>Pure: the same input, the same decision. Any thread.
 */
public final class Placement {
    private Placement() {}

    /** Where the call runs, and why. */
    public static PlacementDecision decide(PlacementInput input) {
        return decide(input, limit(input));
    }

    /** Where the call runs, and by what that was decided. */
    public static Explanation explain(PlacementInput input) {
        Limit limit = limit(input);
        return new Explanation(input, decide(input, limit), limit);
    }

    private static PlacementDecision decide(PlacementInput input, Limit limit) {
        PlacedReason reason = reason(input, limit);
        if (limit == Limit.NONE && input.room() == Room.FREE) {
            return new RunHere(reason, Waiting.NONE);
        }
        if (input.regions().isEmpty()) {
            return nowhereElse(input, reason);
        }
        if (limit == Limit.NONE) {
            return new RunHere(reason, Waiting.SHORT);
        }
        return new Forward(reason, input.regions(), isToBeBrought(input, limit));
    }

    /** What is wanted is brought; of what finds no room that is worth it, the code, once. */
    private static boolean isToBeBrought(PlacementInput input, Limit limit) {
        return limit == Limit.CODE
                || limit == Limit.SECRETS
                || (limit == Limit.WORTH && input.replica() == Replica.ABSENT);
    }

    /** What speaks first against running it here. */
    private static Limit limit(PlacementInput input) {
        if (input.draining()) {
            return Limit.DRAINING;
        }
        if (input.fit() != Fit.FITS) {
            return Limit.of(input.fit());
        }
        if (input.isStartedSoonerHere()) {
            return Limit.NONE;
        }
        boolean expected = input.replica() == Replica.EXPECTED;
        if (!expected) {
            boolean ready = input.replica() == Replica.READY;
            if (!input.isWanted()) {
                return Limit.CALLS;
            }
            if (!input.demand().isWorthIt(ready)) {
                return Limit.WORTH;
            }
            if (!ready) {
                return input.replica() == Replica.WITHOUT_SECRETS ? Limit.SECRETS : Limit.CODE;
            }
        }
        if (input.leavesRoom()) {
            return Limit.RANK;
        }
        return switch (input.room()) {
            case FREE, SOON -> input.isFasterThere() ? Limit.TIME : Limit.NONE;
            case QUEUE, FULL -> Limit.ROOM;
        };
    }

    private static PlacedReason reason(PlacementInput input, Limit limit) {
        return switch (limit) {
            case NONE ->
                    input.replica() == Replica.HELD
                            ? PlacedReason.LATENCY
                            : input.isWanted() && input.demand().isWorthIt(true)
                                    ? PlacedReason.POPULAR
                                    : PlacedReason.EXPECTED;
            case DRAINING -> PlacedReason.DRAINING;
            case BOUND -> PlacedReason.PINNED;
            case REQUIREMENTS -> PlacedReason.POLICY;
            case PROFILE_MEMORY, PROFILE_TIME, PROFILE_RUNTIME, PROFILE_NETWORK, PROFILE_DEVICES ->
                    PlacedReason.PROFILE;
            case CALLS, WORTH -> PlacedReason.UNCOMMON;
            case CODE, SECRETS -> PlacedReason.NO_REPLICA;
            case RANK, ROOM -> PlacedReason.CAPACITY;
            case TIME -> PlacedReason.LATENCY;
        };
    }

    /** No region takes it. */
    private static PlacementDecision nowhereElse(PlacementInput input, PlacedReason wanted) {
        boolean never = input.draining() || input.fit() != Fit.FITS;
        if (never || input.replica().isUnusable()) {
            return lastTry(input, wanted);
        }
        return switch (input.room()) {
            case FREE, SOON, QUEUE ->
                    new RunHere(
                            input.choice().full() ? PlacedReason.CAPACITY : PlacedReason.STALE,
                            Waiting.LONG);
            case FULL -> new Refuse(Refusal.OVER_CAPACITY, wanted);
        };
    }

    private static PlacementDecision lastTry(PlacementInput input, PlacedReason wanted) {
        if (input.choice().full()) {
            return new Refuse(Refusal.OVER_CAPACITY, wanted);
        }
        return input.choice().lastResort().isEmpty()
                ? new Refuse(Refusal.REGION_UNREACHABLE, wanted)
                : new Forward(wanted, input.choice().lastResort(), false);
    }
}
