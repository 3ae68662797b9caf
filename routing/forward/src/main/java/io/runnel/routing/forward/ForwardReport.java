package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a POP's forwarding did since its start, and where it stands. The numbers are read one after
 * the other while calls go on: they fit each other about.
 *
 * @param calls of which at least one region was asked
 * @param tries requests whose head was sent to a region
 * @param retries those beyond a call's first, hedges included
 * @param withoutBudget calls that might have been tried again, but for the budget
 * @param waited calls that waited for the budget, however that ended
 * @param waiting those that do now
 * @param budgetLeft tries beyond the first that may be made now
 * @param inFlight tries whose answer has not begun
 * @param regions each one
 */
public record ForwardReport(
        long calls,
        long tries,
        long retries,
        long withoutBudget,
        long waited,
        int waiting,
        int budgetLeft,
        long inFlight,
        List<Region> regions) {
    /**
     * One region's part.
     *
     * @param breakerChanges how often its circuit breaker changed its state
     * @param tries sent to it
     * @param answered those whose answer began and was taken
     * @param failed the others by how, those included that were never sent
     * @param hedges tries here because another region was late
     * @param hedgesWon of these, whose answer was taken
     */
    public record Region(
            RegionId region,
            RegionState state,
            long breakerChanges,
            long tries,
            long answered,
            Map<AttemptFailure, Long> failed,
            long hedges,
            long hedgesWon) {
        public Region {
            failed = Map.copyOf(failed);
        }

        /** This and another node of the same region, with what is known of the better one. */
        Region together(Region other) {
            Map<AttemptFailure, Long> all = new EnumMap<>(AttemptFailure.class);
            all.putAll(failed);
            other.failed.forEach((failure, count) -> all.merge(failure, count, Long::sum));
            return new Region(
                    region,
                    other.state.isBetterThan(state) ? other.state : state,
                    breakerChanges + other.breakerChanges,
                    tries + other.tries,
                    answered + other.answered,
                    all,
                    hedges + other.hedges,
                    hedgesWon + other.hedgesWon);
        }
    }

    public ForwardReport {
        regions = List.copyOf(regions);
    }
}
