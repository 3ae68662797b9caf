package io.runnel.exec.forecast;

import java.util.Arrays;

/**
 * The autocorrelation of a series of events, in the form for point processes (Cox and Lewis, "The
 * Statistical Analysis of Series of Events", 1966): for a lag, how many events have another one
 * that lag before them, against how many would if they had come independently.
 *
 * <p>The lags that are tried are the differences that occur between events. Each is tried with five
 * bin sizes, from 1 to 16 percent of the lag to each side: a narrow bin proves more of a steady
 * clock with few events, a wide one is needed for one that trembles. As a lag is compared from one
 * event to the next and never over many, a period that drifts is found as well as one that does
 * not.
 *
 * <p>How likely an event is explained by chance is taken from the events' mean rate, and from how
 * many of them lie at lags <em>beside</em> the one that is tried, whichever is higher. So demand
 * that only comes in clusters, or more by day than by night, does not pass for a period.
 *
 * <p>The score is the tail of a binomial distribution, on a logarithmic scale; that many lags were
 * tried is not in it, which is what {@link Significance} is for. One search of n events costs O(n²)
 * for each of a few lags each. Stateless, any thread.
 */
final class Autocorrelation {
    /** The most events that one search takes. */
    static final int MOST_EVENTS = 96;

    private static final double[] BINS = {0.01, 0.02, 0.04, 0.08, 0.16};
    private static final double[] BESIDE = {-7, -4, 4, 7};
    private static final int FEW = 16;
    private static final int MOST_PARTS = 8;
    private static final int LEAST_BINS = 10;
    private static final double LEAST_PART = 0.6;
    private static final int NEXT_EVENTS = 6;
    private static final int LEAST_CYCLES = 3;
    private static final double LN_10 = Math.log(10);
    private static final double[] LOG_FACTORIAL = logFactorials();

    private Autocorrelation() {}

    /**
     * The lag that explains the most.
     *
     * @param times of events, ascending, {@link #MOST_EVENTS} at most
     * @param resolutionMs how exact the times are
     * @param settings the shortest and the longest lag
     * @return {@link LagScore#NONE} if there is nothing
     */
    static LagScore best(long[] times, double resolutionMs, ForecastSettings settings) {
        long span = times[times.length - 1] - times[0];
        double most = Math.min((double) settings.mostPeriodMs(), (double) span / LEAST_CYCLES);
        double least = Math.max((double) settings.leastPeriodMs(), LEAST_BINS * resolutionMs);
        double[] lags = lags(times, least, most);
        double step = times.length <= FEW ? 0.25 : 1;
        LagScore best = LagScore.NONE;
        for (double bin : BINS) {
            double last = 0;
            for (double lag : lags) {
                if (lag >= last * (1 + step * bin)) {
                    last = lag;
                    double tolerance = Math.max(resolutionMs, bin * lag);
                    double score = score(times, lag, tolerance, best.score());
                    best = score > best.score() ? new LagScore(lag, tolerance, score) : best;
                }
            }
        }
        return fundamental(times, best, resolutionMs, least);
    }

    /** What returns after a time also returns after twice that time: the shortest one counts. */
    private static LagScore fundamental(
            long[] times, LagScore best, double resolutionMs, double least) {
        for (int part = MOST_PARTS; part >= 2; part--) {
            double lag = best.lagMs() / part;
            for (double bin : BINS) {
                double tolerance = Math.max(resolutionMs, bin * lag);
                double score = lag < least ? 0 : score(times, lag, tolerance, 0);
                if (score > best.score() * LEAST_PART) {
                    return new LagScore(lag, tolerance, score);
                }
            }
        }
        return best;
    }

    private static double[] lags(long[] times, double least, double most) {
        double[] lags = new double[times.length * NEXT_EVENTS];
        int count = 0;
        for (int i = 0; i < times.length; i++) {
            int end = Math.min(times.length, i + 1 + NEXT_EVENTS);
            for (int j = i + 1; j < end; j++) {
                long lag = times[j] - times[i];
                if (lag >= least && lag <= most) {
                    lags[count++] = lag;
                }
            }
        }
        double[] found = Arrays.copyOf(lags, count);
        Arrays.sort(found);
        return found;
    }

    /**
     * How unlikely it is that so many events are explained by this lag.
     *
     * @param best what is not higher than this need not be exact
     */
    private static double score(long[] times, double lag, double tolerance, double best) {
        long counted = explained(times, lag, tolerance);
        int explained = explainedOf(counted);
        int asked = askedOf(counted);
        if (asked < LEAST_CYCLES) {
            return 0;
        }
        double rate = (times.length - 1.0) / (times[times.length - 1] - times[0]);
        double chance = 1 - Math.exp(-2 * tolerance * rate);
        double score = tail(asked, explained, chance, best);
        if (score <= best) {
            return score;
        }
        double beside = chanceBeside(times, lag, tolerance);
        return beside <= chance ? score : tail(asked, explained, beside, best);
    }

    private static double chanceBeside(long[] times, double lag, double tolerance) {
        int explained = 0;
        int asked = 0;
        for (double step : BESIDE) {
            double other = lag + step * tolerance;
            if (other > tolerance) {
                long counted = explained(times, other, tolerance);
                explained += explainedOf(counted);
                asked += askedOf(counted);
            }
        }
        return asked == 0 ? 0 : (double) explained / asked;
    }

    /** How many events have one a lag before them; and how many could have. */
    private static long explained(long[] times, double lag, double tolerance) {
        long nearest = (long) Math.ceil(lag - tolerance);
        long farthest = (long) Math.floor(lag + tolerance);
        int first = 1;
        while (first < times.length && times[first] - times[0] < nearest) {
            first++;
        }
        int explained = 0;
        int before = 0;
        for (int i = first; i < times.length; i++) {
            long time = times[i];
            while (time - times[before] > farthest) {
                before++;
            }
            explained += time - times[before] >= nearest ? 1 : 0;
        }
        return ((long) (times.length - first) << 32) | explained;
    }

    private static int explainedOf(long counted) {
        return (int) counted;
    }

    private static int askedOf(long counted) {
        return (int) (counted >>> 32);
    }

    /**
     * Minus log10 of P(X >= k) for X binomial with n trials of chance p; any upper bound of it when
     * that is no more than {@code best}.
     */
    static double tail(int n, int k, double p, double best) {
        if (k <= n * p || p >= 1) {
            return 0;
        }
        double first =
                LOG_FACTORIAL[n]
                        - LOG_FACTORIAL[k]
                        - LOG_FACTORIAL[n - k]
                        + k * Math.log(p)
                        + (n - k) * Math.log1p(-p);
        double atMost = -first / LN_10;
        return atMost <= best ? atMost : atMost - Math.log10(followers(n, k, p));
    }

    /** P(X >= k) / P(X = k). */
    private static double followers(int n, int k, double p) {
        double odds = p / (1 - p);
        double term = 1;
        double sum = 1;
        for (int i = k; i < n && term > 1e-6; i++) {
            term *= odds * (n - i) / (i + 1);
            sum += term;
        }
        return sum;
    }

    private static double[] logFactorials() {
        double[] logs = new double[MOST_EVENTS + 1];
        for (int i = 2; i < logs.length; i++) {
            logs[i] = logs[i - 1] + Math.log(i);
        }
        return logs;
    }
}
