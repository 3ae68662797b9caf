package io.runnel.exec.forecast.replay;

/**
 * What a trace cost under one policy.
 *
 * @param policy which
 * @param calls how many came
 * @param coldStarts those that had to wait for a start
 * @param learnedCalls calls of tasks for which the forecast had found a period before
 * @param learnedColdStarts those of them that had to wait
 * @param waitingSeconds the sum of all waiting
 * @param idleByteSeconds bytes of isolates that were there and did not run, times seconds
 * @param mostHeldBytes the most memory of all isolates at once
 * @param prepares starts that no call had asked for
 * @param wastedPrepares those that no call came to use
 */
public record ReplayResult(
        PoolPolicy policy,
        long calls,
        long coldStarts,
        long learnedCalls,
        long learnedColdStarts,
        double waitingSeconds,
        double idleByteSeconds,
        double mostHeldBytes,
        long prepares,
        long wastedPrepares) {

    static ReplayResult of(PoolPolicy policy, Tally tally) {
        return new ReplayResult(
                policy,
                tally.calls,
                tally.coldStarts,
                tally.learnedCalls,
                tally.learnedColdStarts,
                tally.waitingMs / 1_000,
                tally.idleByteMs / 1_000,
                tally.mostHeldBytes(),
                tally.prepares,
                tally.wastedPrepares);
    }
}
