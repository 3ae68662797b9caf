package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Demand;
import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.forecast.StartSchedule;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * One node's pool under one policy, call by call. Its memory is not limited, so that what is
 * compared is what policies ask for. A call takes the idle isolate that was used last; else the
 * soonest of those that are being started and a new one. The same trace, policy and seed give the
 * same result.
 *
 * <p>Each task is a little state and a place in one queue: a million of them are a few hundred
 * bytes each while they are hardly called, and 4 KB each at most. Not thread-safe.
 */
final class Replay {
    private static final int PARALLEL_STARTS = 2;
    private static final long NOT_LEARNED = Long.MAX_VALUE;

    private final Trace trace;
    private final PoolPolicy policy;
    private final ForecastSettings settings;
    private final SplittableRandom random;
    private final StartSchedule schedule = new StartSchedule(PARALLEL_STARTS);
    private final Tally tally = new Tally();
    private final TaskPool[] pools;
    private final WakeQueue wakes;
    private final long[] learnedMs;
    private IntFunction<ReplayWatch> watches = task -> ReplayWatch.NONE;

    Replay(Trace trace, PoolPolicy policy, ForecastSettings settings, long seed) {
        this.trace = trace;
        this.policy = policy;
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        this.pools = new TaskPool[trace.taskCount()];
        this.learnedMs = new long[trace.taskCount()];
        Arrays.fill(learnedMs, NOT_LEARNED);
        this.wakes = new WakeQueue(trace.taskCount());
    }

    /** Who is told what happens to a task. */
    Replay watchedBy(IntFunction<ReplayWatch> byTask) {
        watches = byTask;
        return this;
    }

    /**
     * Replays.
     *
     * @param learned which calls came when a period of their task had been found, as long before as
     *     the shortest period, so that the rest of that burst is not among them; a replay of the
     *     forecast adds to it, others only count by it
     */
    ReplayResult run(BitSet learned) {
        for (int call = 0; call < trace.size(); call++) {
            wakeUntil(trace.arrivalMs(call));
            serve(call, learned);
        }
        long endMs = trace.endMs();
        wakeUntil(endMs);
        for (TaskPool pool : pools) {
            if (pool != null) {
                pool.finish(endMs);
            }
        }
        return ReplayResult.of(policy, tally);
    }

    private void wakeUntil(long nowMs) {
        while (wakes.nextMs() <= nowMs) {
            long atMs = wakes.nextMs();
            settle(wakes.take(), atMs);
        }
    }

    private void serve(int call, BitSet learned) {
        int task = trace.task(call);
        long nowMs = trace.arrivalMs(call);
        boolean isCold =
                pool(task, nowMs)
                        .call(
                                nowMs,
                                trace.durationMs(call),
                                trace.memoryBytes(call),
                                trace.startMs(call));
        boolean isLearned = learned.get(call) || nowMs >= learnedMs[task];
        learned.set(call, isLearned);
        tally.learnedCalls += isLearned ? 1 : 0;
        tally.learnedColdStarts += isLearned && isCold ? 1 : 0;
        settle(task, nowMs);
        if (learnedMs[task] == NOT_LEARNED
                && pools[task].policy() instanceof ForecastPolicy forecast
                && forecast.demand().isPeriodic()) {
            learnedMs[task] = nowMs + settings.leastPeriodMs();
        }
    }

    private void settle(int task, long nowMs) {
        wakes.set(task, Math.max(pools[task].settle(nowMs, schedule), nowMs + 1));
    }

    private TaskPool pool(int task, long nowMs) {
        if (pools[task] == null) {
            pools[task] = new TaskPool(policy(nowMs), tally, watches.apply(task), nowMs);
        }
        return pools[task];
    }

    private TaskPolicy policy(long nowMs) {
        return switch (policy) {
            case PoolPolicy.Fixed fixed -> new FixedKeepAlive(fixed.keepAlive().toMillis());
            case PoolPolicy.Histogram histogram -> new HybridHistogram();
            case PoolPolicy.Forecast forecast -> new ForecastPolicy(settings, nowMs, random);
        };
    }

    /** Whether a period of the task was found at some time. */
    boolean wasLearned(int task) {
        return learnedMs[task] != NOT_LEARNED;
    }

    /** The demand of a task after a replay under {@link PoolPolicy.Forecast}. */
    Demand demand(int task) {
        return ((ForecastPolicy) pools[task].policy()).demand();
    }
}
