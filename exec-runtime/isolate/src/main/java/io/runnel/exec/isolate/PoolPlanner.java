package io.runnel.exec.isolate;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out what the demand for tasks lets expect (US10042660): makes isolates ready shortly
 * before they are needed, keeps as many idle ones as each plan says, lets go of the rest, and
 * closes programs that nobody wants any more. Tasks of the same code share a program, and so what
 * is wanted of it is the sum.
 *
 * <p>Programs of which no demand is known were opened and not called yet; they and their isolates
 * stay for the usual keep-alive. One thread at a time.
 */
final class PoolPlanner {
    /** How soon a call has to be likely for its isolates to be worth their memory. */
    static final long SOON_MS = Duration.ofMinutes(1).toMillis();

    private final DemandBook demands;
    private final WarmPool pool;
    private final Preparer preparer;
    private final ProgramLoader loader;
    private final CodeSupply supply;
    private final StartSchedule schedule;
    private final long keepAliveMs;
    private final Clocks clocks;

    PoolPlanner(
            DemandBook demands,
            WarmPool pool,
            Preparer preparer,
            ProgramLoader loader,
            CodeSupply supply,
            long keepAliveMs,
            Clocks clocks) {
        this.demands = demands;
        this.pool = pool;
        this.preparer = preparer;
        this.loader = loader;
        this.supply = supply;
        this.schedule = new StartSchedule(1);
        this.keepAliveMs = keepAliveMs;
        this.clocks = clocks;
    }

    /**
     * Does what is due.
     *
     * @return milliseconds until more is due, if no call comes before
     */
    long tend() {
        long nowMs = clocks.millis().getAsLong();
        Map<TaskRef, Integer> others = expectedByOthers();
        Map<ProgramKey, Wanted> wanted = new HashMap<>();
        long nextMs = Long.MAX_VALUE;
        for (TaskDemand demand : demands.all()) {
            Plan plan = shared(demand.ref(), demand.plan(nowMs, schedule), others);
            nextMs = Math.min(nextMs, plan.nextMs());
            want(wanted, demand, plan, nowMs);
        }
        wanted.values().forEach(this::prepare);
        for (OpenProgram program : pool.all()) {
            loader.improve(program);
            Wanted of = wanted.get(program.key());
            nextMs = Math.min(nextMs, release(program, of == null ? usual() : of, nowMs));
        }
        pool.holdToShares(supply::warmShare, nowMs);
        return Math.max(0, nextMs - nowMs);
    }

    private Map<TaskRef, Integer> expectedByOthers() {
        Map<TaskRef, Integer> expected = new HashMap<>();
        for (ExpectedCalls each : supply.expected()) {
            if (demands.expects(each.task())) {
                expected.put(each.task().ref(), each.isolates());
            }
        }
        return expected;
    }

    /** What is left of a plan for this node, where several share what they expect. */
    private Plan shared(TaskRef task, Plan plan, Map<TaskRef, Integer> others) {
        int expected = others.getOrDefault(task, 0);
        if (plan.held() == 0 && expected == 0) {
            return plan;
        }
        int held = supply.prepares(task) ? Math.max(plan.held(), expected) : 0;
        return new Plan(held, plan.spare(), plan.spareMs(), plan.nextMs());
    }

    private Wanted usual() {
        return new Wanted().add(new Plan(0, Plan.ALL, keepAliveMs, Long.MAX_VALUE), 0);
    }

    private void want(Map<ProgramKey, Wanted> wanted, TaskDemand demand, Plan plan, long nowMs) {
        Task called = demand.latest();
        Optional<Task> task = plan.held() > 0 ? supply.live(called) : Optional.of(called);
        if (task.isEmpty()) {
            return;
        }
        ProgramKey key = ProgramKey.of(task.get());
        if (plan.held() > 0 || pool.of(key).isPresent()) {
            wanted.computeIfAbsent(key, k -> new Wanted())
                    .add(plan, demand.chance(nowMs, SOON_MS))
                    .prepareFor(task.get(), demand, plan.held());
        }
    }

    private void prepare(Wanted wanted) {
        if (wanted.held() == 0) {
            return;
        }
        Task task = wanted.task().orElseThrow();
        int there = pool.ready(task).map(program -> program.isolates().size()).orElse(0);
        if (there < wanted.held()) {
            preparer.prepare(task, wanted.demand().orElseThrow(), wanted.held() - there);
        }
    }

    /** Lets go of what is not wanted of a program; when to look again. */
    private long release(OpenProgram program, Wanted wanted, long nowMs) {
        program.expect(wanted.chance(), wanted.held());
        List<PooledIsolate> idle = program.idle();
        int inUse = program.isolates().size() - idle.size();
        int beyond = idle.size() - Math.max(0, wanted.held() - inUse);
        long nextMs = Long.MAX_VALUE;
        for (int i = 0; i < beyond; i++) {
            PooledIsolate oldest = idle.get(i);
            if (isSpare(oldest, beyond - i, wanted, nowMs)) {
                nextMs = Math.min(nextMs, oldest.sinceMs() + wanted.spareMs());
            } else {
                program.tryRelease(oldest, ReleaseReason.PLAN);
            }
        }
        return nextMs == Long.MAX_VALUE && inUse == 0 && wanted.held() == 0
                ? close(program, wanted, nowMs)
                : nextMs;
    }

    /** Whether it stays although no burst is expected for it: what was used lately may. */
    private static boolean isSpare(PooledIsolate isolate, int place, Wanted wanted, long nowMs) {
        return isolate.state() == IsolateState.IDLE
                && place <= wanted.spare()
                && nowMs - isolate.sinceMs() < wanted.spareMs();
    }

    private long close(OpenProgram program, Wanted wanted, long nowMs) {
        long untilMs = program.lastUsedMs() + wanted.spareMs();
        if (wanted.spare() > 0 && nowMs < untilMs) {
            return untilMs;
        }
        pool.tryClose(program, ReleaseReason.PLAN);
        return Long.MAX_VALUE;
    }
}
