package io.runnel.exec.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A search for periods in what a {@link Demand} has recorded. It holds copies, so it may run on any
 * thread while the demand goes on recording; what it found is then given to {@link Demand#adopt}.
 *
 * <p>Each series of events is searched in several lengths, the longest first, down to the last five
 * events: a period that began lately stands out only in the end of the series. A lag that is
 * {@linkplain Significance significant} becomes a pattern, which has to predict the events it was
 * found in, one after the other, as it would have when they came; only one that is then trusted is
 * a finding. What it explains is taken out, and the rest is searched again: several periods at
 * once.
 *
 * <p>Costs tens of microseconds for demand without periods and a few milliseconds with some.
 */
public final class PeriodSearch {
    static final int LEAST_EVENTS = 5;

    private static final int[] LENGTHS = {96, 64, 32, 16, 12, 10, 8, 6, 5};
    private static final int MOST_PATTERNS = 3;
    private static final double NORMAL_MAD = 1.4826;

    private final List<EventSeries> series;
    private final ForecastSettings settings;

    PeriodSearch(List<EventSeries> series, ForecastSettings settings) {
        this.series = List.copyOf(series);
        this.settings = settings;
    }

    /** What was found, for the demand that this search came from. */
    public static final class Findings {
        private final List<Pattern> patterns;
        private final EventSeries rest;

        private Findings(List<Pattern> patterns, EventSeries rest) {
            this.patterns = patterns;
            this.rest = rest;
        }

        /** How many periods were found. */
        public int count() {
            return patterns.size();
        }

        List<Pattern> patterns() {
            return patterns;
        }

        /** The events of the first series that no pattern explains. */
        EventSeries rest() {
            return rest;
        }
    }

    /**
     * Searches.
     *
     * @param random shuffles the arrivals for comparison
     */
    public Findings run(RandomGenerator random) {
        List<Pattern> found = new ArrayList<>();
        EventSeries rest = explain(series.getFirst(), found, random);
        for (EventSeries other : series.subList(1, series.size())) {
            explain(other, found, random);
        }
        return new Findings(found, rest);
    }

    private EventSeries explain(EventSeries all, List<Pattern> found, RandomGenerator random) {
        EventSeries rest = all;
        for (int i = 0; i < MOST_PATTERNS && rest.size() >= LEAST_EVENTS; i++) {
            boolean[] taken = new boolean[rest.size()];
            Optional<Pattern> pattern = trusted(rest, taken, random);
            if (pattern.isEmpty()) {
                return rest;
            }
            found.add(pattern.get());
            rest = rest.without(taken);
        }
        return rest;
    }

    private Optional<Pattern> trusted(EventSeries from, boolean[] taken, RandomGenerator random) {
        for (int length : LENGTHS) {
            if (length <= from.size()) {
                Optional<Pattern> pattern = trusted(from, length, taken, random);
                if (pattern.isPresent()) {
                    return pattern;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Pattern> trusted(
            EventSeries from, int length, boolean[] taken, RandomGenerator random) {
        long[] times = from.lastTimes(length);
        LagScore lag = Significance.significant(times, from, settings, random);
        if (lag.score() == 0) {
            return Optional.empty();
        }
        Arrays.fill(taken, false);
        Pattern pattern = retold(from, length, pattern(times, lag, from, length), taken);
        boolean isTrusted =
                pattern.state() == PatternState.PERIODIC && pattern.degree() >= Pattern.TRUSTED;
        return isTrusted ? Optional.of(pattern) : Optional.empty();
    }

    /** The pattern after all events of the series that came since its first. */
    private Pattern retold(EventSeries from, int length, Start start, boolean[] taken) {
        Pattern pattern = start.pattern();
        int first = from.size() - length + start.index();
        taken[first] = true;
        for (int i = first + 1; i < from.size(); i++) {
            pattern.advance(from.timeMs(i));
            taken[i] = pattern.observe(from.timeMs(i), from.peak(i), settings.leastGapMs(), false);
        }
        return pattern;
    }

    private record Start(Pattern pattern, int index) {}

    private Start pattern(long[] times, LagScore lag, EventSeries from, int length) {
        double[] gaps = new double[times.length];
        int count = 0;
        int first = times.length;
        int before = 0;
        for (long time : times) {
            double due = time - lag.lagMs();
            while (times[before] < due - lag.toleranceMs()) {
                before++;
            }
            int nearest = nearest(times, before, due);
            if (Math.abs(times[nearest] - due) <= lag.toleranceMs()) {
                gaps[count++] = time - times[nearest];
                first = Math.min(first, nearest);
            }
        }
        double period = median(gaps, count);
        double jitter = jitter(gaps, count, period);
        double floor = Math.max(settings.leastGapMs() / 4.0, from.resolutionMs());
        Rhythm rhythm = new Rhythm(period, jitter, times[first], floor);
        int peak = from.peak(from.size() - length + first);
        Pattern pattern = new Pattern(rhythm, peak, from.leastPeak());
        return new Start(pattern, first);
    }

    private static int nearest(long[] times, int from, double due) {
        int best = from;
        for (int i = from; i < times.length && times[i] <= 2 * due - times[from]; i++) {
            best = Math.abs(times[i] - due) < Math.abs(times[best] - due) ? i : best;
        }
        return best;
    }

    /**
     * 1.4826 times the median of the absolute deviations, which is the standard deviation if they
     * are normal, or half of the largest one; more of it the fewer there are.
     */
    private static double jitter(double[] gaps, int count, double period) {
        double[] deviations = new double[count];
        for (int i = 0; i < count; i++) {
            deviations[i] = Math.abs(gaps[i] - period);
        }
        double most = Arrays.stream(deviations).max().orElse(0);
        return Math.max(NORMAL_MAD * median(deviations, count), most / 2) * (1 + 3.0 / count);
    }

    private static double median(double[] values, int count) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        int middle = count / 2;
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
