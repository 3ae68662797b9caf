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
 * A drawing of a trace under the forecast, as SVG: for one task of each period that was found, and
 * one without, the last periods of the trace, with its calls, when they were expected, and how many
 * isolates were there.
 */
public final class ReplayPlot {
    private static final int MOST_LANES = 6;
    private static final int PERIODS_SHOWN = 8;
    private static final int CALLS_SHOWN = 25;
    private static final double ALIKE = 0.1;

    private final Trace trace;
    private final ForecastSettings settings;
    private final long seed;
    private final int[] calls;

    private ReplayPlot(Trace trace, ForecastSettings settings, long seed) {
        this.trace = trace;
        this.settings = settings;
        this.seed = seed;
        this.calls = new int[trace.taskCount()];
        for (int call = 0; call < trace.size(); call++) {
            calls[trace.task(call)]++;
        }
    }

    /** Replays the trace twice, to choose what is worth seeing and to see it. */
    public static String svg(Trace trace, ForecastSettings settings, long seed) {
        return new ReplayPlot(trace, settings, seed).svg();
    }

    private String svg() {
        Replay chosen = new Replay(trace, new PoolPolicy.Forecast(), settings, seed);
        chosen.run(new BitSet());
        Replay shown = new Replay(trace, new PoolPolicy.Forecast(), settings, seed);
        Map<Integer, PlotLane> lanes = lanes(chosen, shown);
        shown.watchedBy(task -> lane(lanes, task)).run(new BitSet());
        return new SvgDrawing(trace.arrivalMs(0), List.copyOf(lanes.values())).text();
    }

    private static ReplayWatch lane(Map<Integer, PlotLane> lanes, int task) {
        return lanes.containsKey(task) ? lanes.get(task) : ReplayWatch.NONE;
    }

    private Map<Integer, PlotLane> lanes(Replay chosen, Replay shown) {
        Map<Integer, PlotLane> lanes = new LinkedHashMap<>();
        for (Choice choice : choices(chosen)) {
            long untilMs = trace.endMs();
            long fromMs = Math.max(trace.arrivalMs(0), untilMs - choice.spanMs());
            PlotLane lane =
                    new PlotLane(
                            choice.title(),
                            fromMs,
                            untilMs,
                            nowMs -> shown.demand(choice.task()).forecasts(nowMs));
            lanes.put(choice.task(), lane);
        }
        return lanes;
    }

    private record Choice(int task, String title, long spanMs, long periodMs, int weight) {}

    private List<Choice> choices(Replay replay) {
        List<Choice> periodic = new ArrayList<>();
        Optional<Choice> random = Optional.empty();
        for (int task = 0; task < trace.taskCount(); task++) {
            Choice choice = choice(task, replay);
            if (choice.periodMs() > 0) {
                periodic.add(choice);
            } else if (random.isEmpty() || random.get().weight() < choice.weight()) {
                random = Optional.of(choice);
            }
        }
        periodic.sort(Comparator.comparingInt(Choice::weight).reversed());
        List<Choice> chosen = new ArrayList<>();
        for (Choice choice : periodic) {
            if (chosen.size() < MOST_LANES - 1 && isOther(choice, chosen)) {
                chosen.add(choice);
            }
        }
        chosen.sort(Comparator.comparingLong(Choice::periodMs));
        random.ifPresent(chosen::add);
        return chosen;
    }

    private static boolean isOther(Choice choice, List<Choice> chosen) {
        return chosen.stream()
                .noneMatch(
                        other ->
                                Math.abs(other.periodMs() - choice.periodMs())
                                        <= ALIKE * other.periodMs());
    }

    private Choice choice(int task, Replay replay) {
        List<Forecast> found =
                replay.demand(task).forecasts(trace.endMs()).stream()
                        .filter(forecast -> forecast.state().isActedOn())
                        .sorted(Comparator.comparingLong(Forecast::periodMs))
                        .toList();
        String name = trace.taskName(task);
        if (found.isEmpty()) {
            long span = (trace.endMs() - trace.arrivalMs(0)) / Math.max(1, calls[task]);
            return new Choice(task, name + ": no period", span * CALLS_SHOWN, 0, calls[task]);
        }
        Forecast first = found.getFirst();
        String title =
                "%s: every %s ± %s"
                        .formatted(
                                name, Words.time(first.periodMs()), Words.time(first.jitterMs()));
        return new Choice(
                task, title, first.periodMs() * PERIODS_SHOWN, first.periodMs(), first.amount());
    }
}
