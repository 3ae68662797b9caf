package io.runnel.routing.placement;

import io.runnel.topology.CanaryCount;

/**
 * How much speaks for it that a version which is tried fails more often than the usual one.
 *
 * <p>If both fail as often, each failure is the canary's with the chance that is its share of the
 * calls; if it fails <i>r</i> times as often, with a greater one. The evidence is how many times
 * likelier the failures are under the second than under the first, the mean over several <i>r</i>
 * (a mixture of Wald's sequential probability ratios, as Robbins 1970). Of a canary that is no
 * worse it is at most 1 in the mean at any time, so by Ville's inequality it ever comes to {@value
 * #ENOUGH} with a chance of one in {@value #ENOUGH} at most, however often one looks and for
 * however long.
 */
public final class CanaryEvidence {
    /** From which evidence on a canary counts as worse. */
    public static final int ENOUGH = 1000;

    private static final double[] TIMES_AS_OFTEN = {1.5, 3, 10, 100};

    /** What can be summed up without an overflow. */
    private static final double MOST_LOG = 690;

    private CanaryEvidence() {}

    /** Whether the canary is worse than the usual version. */
    public static boolean isWorse(CanaryCount count) {
        return of(count) >= ENOUGH;
    }

    /**
     * The evidence: 1 for none, less if it speaks for the canary. Never more than {@code e^690}.
     */
    public static double of(CanaryCount count) {
        if (count.calls() == 0 || count.canaryCalls() == 0) {
            return 1;
        }
        double share = (double) count.canaryCalls() / (count.calls() + count.canaryCalls());
        double mean = 0;
        for (double times : TIMES_AS_OFTEN) {
            double worse = times * share / (times * share + 1 - share);
            double log =
                    count.canaryFailed() * Math.log(worse / share)
                            + count.failed() * Math.log((1 - worse) / (1 - share));
            mean += Math.exp(Math.min(log, MOST_LOG)) / TIMES_AS_OFTEN.length;
        }
        return mean;
    }
}
