package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.ForecastSettings;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/** The calls of one task, and all that happened when they were replayed under the forecast. */
final class OneTask implements ReplayWatch {
    static final long START_MS = 1_767_225_600_000L;
    static final int START_COST_MS = 600;
    static final long MEMORY_BYTES = 1_000;

    private static final int DURATION_MS = 50;

    private final Trace.Columns columns = new Trace.Columns();
    private final List<Boolean> cold = new ArrayList<>();
    private final List<Long> prepares = new ArrayList<>();
    private final TreeMap<Long, Integer> held = new TreeMap<>();
    private Replay replay;
    private ReplayResult result;
    private long lastMs;

    /** Calls that come at once, {@code afterMs} after the start. */
    OneTask call(long afterMs, int calls) {
        lastMs = START_MS + afterMs;
        for (int i = 0; i < calls; i++) {
            columns.add(lastMs, 0, DURATION_MS, MEMORY_BYTES, START_COST_MS);
        }
        return this;
    }

    /** Replays, and goes on for so long after the last call. */
    OneTask replayed(long restMs) {
        Trace.Columns all = columns;
        all.add(lastMs + restMs, 1, 0, 0, 0);
        Trace trace = Trace.of(List.of("task", "end"), all);
        replay = new Replay(trace, new PoolPolicy.Forecast(), ForecastSettings.DEFAULT, 1);
        replay.watchedBy(task -> task == 0 ? this : ReplayWatch.NONE);
        result = replay.run(new BitSet());
        return this;
    }

    @Override
    public void called(long nowMs, int running, boolean wasCold) {
        cold.add(wasCold);
    }

    @Override
    public void prepared(long nowMs) {
        prepares.add(nowMs - START_MS);
    }

    @Override
    public void held(long nowMs, int isolates) {
        held.put(nowMs - START_MS, isolates);
    }

    /** Whether the call with this number, 0 the first, had to wait for a start. */
    boolean wasCold(int call) {
        return cold.get(call);
    }

    int calls() {
        return cold.size();
    }

    /** When isolates were started for forecasts, after the start. */
    List<Long> prepares() {
        return prepares;
    }

    /** How many isolates there were, so long after the start. */
    int heldAt(long afterMs) {
        return held.floorEntry(afterMs).getValue();
    }

    Replay replay() {
        return replay;
    }

    ReplayResult result() {
        return result;
    }

    boolean isPeriodic() {
        return replay.demand(0).isPeriodic();
    }
}
