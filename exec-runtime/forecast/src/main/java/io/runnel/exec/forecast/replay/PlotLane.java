package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * What a drawing shows of one task: its calls, when bursts were expected, and how many isolates
 * were there, in a span of time. Told while the trace is replayed. Not thread-safe.
 */
final class PlotLane implements ReplayWatch {
    private static final int MOST_CALLS = 4_000;
    private static final int MOST_STEPS = 20_000;
    private static final int MOST_WINDOWS = 500;

    /** A call, how many ran with it, and whether it had to wait. */
    record Call(long atMs, int running, boolean wasCold) {}

    /** From then on so many isolates were there. */
    record Step(long atMs, int isolates) {}

    /** A burst was expected in this time. */
    record Window(long periodMs, long opensMs, long closesMs) {
        private boolean isOf(Forecast forecast) {
            long mid = (opensMs + closesMs) / 2;
            return Math.abs(periodMs - forecast.periodMs()) * 10 < periodMs
                    && Math.abs(mid - forecast.expectedMs()) * 2 < periodMs;
        }
    }

    private final String title;
    private final long fromMs;
    private final long untilMs;
    private final LongFunction<List<Forecast>> forecasts;
    private final List<Call> calls = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Window> windows = new ArrayList<>();
    private int isolates;

    /**
     * Nothing was seen yet.
     *
     * @param forecasts what is expected of the task at a time that is being replayed
     */
    PlotLane(String title, long fromMs, long untilMs, LongFunction<List<Forecast>> forecasts) {
        this.title = title;
        this.fromMs = fromMs;
        this.untilMs = untilMs;
        this.forecasts = forecasts;
    }

    @Override
    public void called(long nowMs, int running, boolean wasCold) {
        if (isShown(nowMs) && calls.size() < MOST_CALLS) {
            calls.add(new Call(nowMs, running, wasCold));
        }
    }

    @Override
    public void prepared(long nowMs) {}

    @Override
    public void held(long nowMs, int count) {
        if (isShown(nowMs)) {
            if (steps.isEmpty()) {
                steps.add(new Step(fromMs, isolates));
            }
            if (count != isolates && steps.size() < MOST_STEPS) {
                steps.add(new Step(nowMs, count));
            }
            forecasts.apply(nowMs).stream()
                    .filter(forecast -> forecast.state().isActedOn())
                    .forEach(this::expect);
        }
        isolates = count;
    }

    private boolean isShown(long nowMs) {
        return nowMs >= fromMs && nowMs <= untilMs;
    }

    /** What was last thought of a window before it opened is what is shown. */
    private void expect(Forecast forecast) {
        windows.removeIf(window -> window.isOf(forecast));
        if (windows.size() < MOST_WINDOWS) {
            windows.add(new Window(forecast.periodMs(), forecast.opensMs(), forecast.closesMs()));
        }
    }

    String title() {
        return title;
    }

    long fromMs() {
        return fromMs;
    }

    long untilMs() {
        return untilMs;
    }

    List<Call> calls() {
        return calls;
    }

    List<Step> steps() {
        return steps;
    }

    List<Window> windows() {
        return windows;
    }

    /** The most isolates or calls at once, at least 1. */
    int most() {
        int most = 1;
        for (Step step : steps) {
            most = Math.max(most, step.isolates());
        }
        for (Call call : calls) {
            most = Math.max(most, call.running());
        }
        return most;
    }
}
