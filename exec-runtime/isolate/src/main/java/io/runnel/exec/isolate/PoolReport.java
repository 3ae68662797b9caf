package io.runnel.exec.isolate;

import java.util.List;
import java.util.Map;

/**
 * What a node holds ready, and what that was good for since it began. For people and for JSON:
 * names, numbers and texts only.
 *
 * @param budgetBytes what open programs and idle isolates may keep together
 * @param usedBytes what they keep
 * @param programs how many are open
 * @param idleIsolates how many isolates wait for a call
 * @param knownTasks of how many tasks the demand is known
 * @param unrecordedCalls calls whose demand was not recorded, because too many tasks were known
 * @param tasks those that are likeliest to be called soon, 64 at most
 */
public record PoolReport(
        long budgetBytes,
        long usedBytes,
        int programs,
        int idleIsolates,
        int knownTasks,
        long unrecordedCalls,
        Counts counts,
        Map<StartPhase, PhaseReport> phases,
        List<TaskReport> tasks) {

    public PoolReport {
        phases = Map.copyOf(phases);
        tasks = List.copyOf(tasks);
    }

    /**
     * How often what happened.
     *
     * @param warmCalls calls that found their program open
     * @param coldCalls calls that had to wait for it
     * @param prepared isolates that were made for expected calls
     * @param usedPrepares how many of them got a call
     * @param wastedPrepares how many were let go of without
     * @param failedPrepares how often none could be made
     */
    public record Counts(
            long warmCalls,
            long coldCalls,
            long prepared,
            long usedPrepares,
            long wastedPrepares,
            long failedPrepares,
            Map<ReleaseReason, Long> releasedIsolates,
            Map<ReleaseReason, Long> closedPrograms) {

        public Counts {
            releasedIsolates = Map.copyOf(releasedIsolates);
            closedPrograms = Map.copyOf(closedPrograms);
        }
    }
}
