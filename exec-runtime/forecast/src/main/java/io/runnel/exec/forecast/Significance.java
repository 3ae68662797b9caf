package io.runnel.exec.forecast;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Whether a score could be chance: the same search is made in shuffled arrivals, which are as many
 * events over the same time, put anywhere in it, no two nearer than the recorder would tell apart.
 *
 * <p>The best score of a search is the largest of many that hardly depend on each other, each of
 * them minus the logarithm of a chance. So its tail falls tenfold for each 1 that it is higher
 * (Gumbel), and only where it begins has to be measured: a few shuffles give their median, and what
 * lies 4.5 above it comes by chance about once in 45,000 searches. To extrapolate a permutation
 * test by the known shape of its tail is after Knijnenburg, Wessels, Reinders and Shmulevich,
 * "Fewer permutations, more accurate P-values" (Bioinformatics 25, 2009). What no shuffle could
 * make significant is not compared with any, which is nearly always the case for demand without a
 * period.
 *
 * <p>Stateless; any thread with a generator of its own.
 */
final class Significance {
    /** How far above the shuffles' median a score must lie. */
    static final double ABOVE_MEDIAN = 4.5;

    private static final double LEAST_MEDIAN = 0.7;
    private static final int SHUFFLES = 15;

    private Significance() {}

    /** The best lag of these events, or {@link LagScore#NONE} if it could be chance. */
    static LagScore significant(
            long[] times, EventSeries from, ForecastSettings settings, RandomGenerator random) {
        LagScore best = Autocorrelation.best(times, from.resolutionMs(), settings);
        if (best.score() < ABOVE_MEDIAN + LEAST_MEDIAN) {
            return LagScore.NONE;
        }
        double[] scores = new double[SHUFFLES];
        for (int i = 0; i < SHUFFLES; i++) {
            long[] shuffled = shuffle(times, from.deadMs(), random);
            scores[i] = Autocorrelation.best(shuffled, from.resolutionMs(), settings).score();
        }
        Arrays.sort(scores);
        boolean beyondChance = best.score() >= scores[SHUFFLES / 2] + ABOVE_MEDIAN;
        return beyondChance ? best : LagScore.NONE;
    }

    /** As many events over the same time, no two nearer than {@code deadMs}. */
    private static long[] shuffle(long[] times, long deadMs, RandomGenerator random) {
        int count = times.length;
        long span = times[count - 1] - times[0];
        long dead = Math.min(deadMs, span / (2L * count));
        long free = Math.max(1, span - dead * (count - 1));
        long[] shuffled = new long[count];
        shuffled[0] = 0;
        shuffled[count - 1] = free;
        for (int i = 1; i < count - 1; i++) {
            shuffled[i] = random.nextLong(free);
        }
        Arrays.sort(shuffled);
        for (int i = 0; i < count; i++) {
            shuffled[i] += i * dead;
        }
        return shuffled;
    }
}
