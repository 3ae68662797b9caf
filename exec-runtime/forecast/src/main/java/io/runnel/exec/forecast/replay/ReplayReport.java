package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Forecast;
import io.runnel.exec.forecast.ForecastSettings;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a trace cost under several policies, and the periods that were found in it. As text for
 * people and as maps and lists for JSON.
 */
public final class ReplayReport {
    /** Compared when nobody says which. */
    public static final List<PoolPolicy> ALL_POLICIES =
            List.of(
                    PoolPolicy.parse("fixed:10m"),
                    new PoolPolicy.Histogram(),
                    new PoolPolicy.Forecast());

    private static final int MOST_PERIODS = 100;

    private final Trace trace;
    private final List<ReplayResult> results;
    private final List<FoundPeriod> periods;
    private final int periodicTasks;

    private ReplayReport(
            Trace trace, List<ReplayResult> results, List<FoundPeriod> periods, int periodicTasks) {
        this.trace = trace;
        this.results = List.copyOf(results);
        this.periods = List.copyOf(periods);
        this.periodicTasks = periodicTasks;
    }

    /**
     * Replays a trace under each policy. The forecast is always among what is run, as it says which
     * tasks are periodic and from when on.
     *
     * @param seed shuffles arrivals for comparison; the same one gives the same report
     */
    public static ReplayReport of(
            Trace trace, List<PoolPolicy> policies, ForecastSettings settings, long seed) {
        BitSet learned = new BitSet(trace.size());
        Replay forecast = new Replay(trace, new PoolPolicy.Forecast(), settings, seed);
        ReplayResult ofForecast = forecast.run(learned);
        List<FoundPeriod> periods = periods(trace, forecast);
        int periodicTasks = periodicTasks(trace, forecast);
        List<ReplayResult> results = new ArrayList<>();
        for (PoolPolicy policy : policies) {
            boolean isDone = policy instanceof PoolPolicy.Forecast;
            results.add(
                    isDone ? ofForecast : new Replay(trace, policy, settings, seed).run(learned));
        }
        return new ReplayReport(trace, results, periods, periodicTasks);
    }

    private static List<FoundPeriod> periods(Trace trace, Replay forecast) {
        List<FoundPeriod> periods = new ArrayList<>();
        for (int task = 0; task < trace.taskCount(); task++) {
            for (Forecast found : forecast.demand(task).forecasts(trace.endMs())) {
                if (found.state().isActedOn()) {
                    periods.add(new FoundPeriod(trace.taskName(task), found));
                }
            }
        }
        periods.sort(Comparator.comparingInt((FoundPeriod p) -> p.forecast().hits()).reversed());
        return periods;
    }

    private static int periodicTasks(Trace trace, Replay forecast) {
        int count = 0;
        for (int task = 0; task < trace.taskCount(); task++) {
            count += forecast.wasLearned(task) ? 1 : 0;
        }
        return count;
    }

    /** What each policy cost, in the order in which they were asked for. */
    public List<ReplayResult> results() {
        return results;
    }

    /** The periods that were trusted when the trace ended, those first that came most often. */
    public List<FoundPeriod> periods() {
        return periods;
    }

    /** What others are compared with: the first fixed policy. */
    private Optional<ReplayResult> fixed() {
        return results.stream().filter(r -> r.policy() instanceof PoolPolicy.Fixed).findFirst();
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        trace.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        text.append(
                "%s of %s in %s%n"
                        .formatted(
                                Words.count(trace.size(), "call"),
                                Words.count(trace.taskCount(), "task"),
                                Words.time(trace.endMs() - trace.arrivalMs(0))));
        text.append(
                "periods were found of %s; of their calls %s came after that%n%n"
                        .formatted(
                                Words.count(periodicTasks, "task"), Words.count(learnedCalls())));
        text.append(new ReplayTable(results, fixed())).append('\n');
        new PeriodGroups(periods).lines().forEach(line -> text.append("%n%s".formatted(line)));
        return text.toString();
    }

    private long learnedCalls() {
        return results.isEmpty() ? 0 : results.getFirst().learnedCalls();
    }

    /** For JSON: maps, lists, texts and numbers; the hundred periods that came most often. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("calls", trace.size());
        map.put("tasks", trace.taskCount());
        map.put("durationMs", trace.endMs() - trace.arrivalMs(0));
        map.put("notes", trace.notes());
        map.put("periodicTasks", periodicTasks);
        map.put("policies", results.stream().map(this::toMap).toList());
        map.put("periods", periods.stream().limit(MOST_PERIODS).map(FoundPeriod::toMap).toList());
        return map;
    }

    private Map<String, Object> toMap(ReplayResult result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("policy", result.policy().toString());
        map.put("calls", result.calls());
        map.put("coldStarts", result.coldStarts());
        map.put("learnedCalls", result.learnedCalls());
        map.put("learnedColdStarts", result.learnedColdStarts());
        map.put("waitingSeconds", result.waitingSeconds());
        map.put("idleByteSeconds", Math.round(result.idleByteSeconds()));
        fixed().filter(fixed -> fixed.idleByteSeconds() > 0)
                .ifPresent(
                        fixed ->
                                map.put(
                                        "idleOfFixed",
                                        result.idleByteSeconds() / fixed.idleByteSeconds()));
        map.put("mostHeldBytes", Math.round(result.mostHeldBytes()));
        map.put("prepares", result.prepares());
        map.put("wastedPrepares", result.wastedPrepares());
        return map;
    }
}
