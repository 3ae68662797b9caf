package io.runnel.exec.isolate;

import io.runnel.exec.forecast.Forecast;
import io.runnel.exec.forecast.Plan;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes down what a pool holds, and why. Safe for any thread. */
final class PoolReporter {
    private static final int MOST_TASKS = 64;

    private final DemandBook demands;
    private final WarmPool warm;
    private final PoolCounters counters;
    private final Clocks clocks;
    private final Function<Task, Optional<CodeRejectedException>> rejected;

    /**
     * One that writes down what is in these.
     *
     * @param rejected why a task's code was not opened lately
     */
    PoolReporter(
            DemandBook demands,
            WarmPool warm,
            PoolCounters counters,
            Clocks clocks,
            Function<Task, Optional<CodeRejectedException>> rejected) {
        this.rejected = rejected;
        this.demands = demands;
        this.warm = warm;
        this.counters = counters;
        this.clocks = clocks;
    }

    PoolReport all() {
        long nowMs = clocks.millis().getAsLong();
        List<TaskReport> tasks =
                demands.all().stream()
                        .map(demand -> report(demand, nowMs))
                        .sorted(
                                Comparator.comparingDouble(TaskReport::chance)
                                        .thenComparingLong(TaskReport::calls)
                                        .reversed())
                        .limit(MOST_TASKS)
                        .toList();
        return new PoolReport(
                warm.budget().most().bytes(),
                warm.budget().used().bytes(),
                warm.all().size(),
                warm.idleIsolates(),
                demands.all().size(),
                demands.unrecorded(),
                counters.counts(),
                counters.phases(),
                tasks);
    }

    Optional<TaskReport> of(TaskRef task) {
        return demands.of(task).map(demand -> report(demand, clocks.millis().getAsLong()));
    }

    /** The bursts that isolates are prepared for, the soonest first, so many at most. */
    List<ExpectedBurst> bursts(int most) {
        long nowMs = clocks.millis().getAsLong();
        return demands.all().stream()
                .filter(TaskDemand::isPeriodic)
                .flatMap(demand -> demand.bursts(nowMs).stream())
                .sorted(Comparator.comparingLong(ExpectedBurst::opensMs))
                .limit(most)
                .toList();
    }

    private TaskReport report(TaskDemand demand, long nowMs) {
        Task task = demand.latest();
        Plan plan = demand.planned();
        Optional<OpenProgram> program = warm.ready(task);
        List<Forecast> forecasts = demand.forecasts(nowMs);
        return new TaskReport(
                task.ref().account().value(),
                task.ref().name().value(),
                task.version(),
                task.code().value(),
                demand.calls(),
                nowMs - demand.lastMs(),
                demand.present(),
                program.isPresent(),
                program.map(open -> open.program().tier().name()).orElse(""),
                program.map(PoolReporter::optimized).orElseGet(() -> rejection(task)),
                program.map(open -> open.program().notes()).orElse(List.of()),
                program.map(OpenProgram::footprintBytes).orElse(0L),
                program.map(PoolReporter::isolates).orElse(TaskReport.Isolates.NONE),
                demand.chance(nowMs, PoolPlanner.SOON_MS),
                plan.held(),
                PlanWords.of(plan, forecasts, nowMs),
                forecasts.stream().map(forecast -> period(forecast, nowMs)).toList());
    }

    private static String optimized(OpenProgram program) {
        if (!program.settled().isDone()) {
            return "not yet";
        }
        return program.whyItStays()
                .map(why -> "no: " + why)
                .orElse(program.program().tier() == Tier.COMPILED ? "yes" : "no");
    }

    /** Why it is not open, if it was tried lately. */
    private String rejection(Task task) {
        return rejected.apply(task).map(why -> "rejected: " + why.getMessage()).orElse("");
    }

    private static TaskReport.Isolates isolates(OpenProgram program) {
        List<PooledIsolate> all = program.isolates();
        return new TaskReport.Isolates(
                count(all, IsolateState.STARTING),
                count(all, IsolateState.PREPARED),
                count(all, IsolateState.RUNNING),
                count(all, IsolateState.IDLE),
                program.idle().stream().mapToLong(PooledIsolate::heldBytes).sum());
    }

    private static int count(List<PooledIsolate> all, IsolateState state) {
        return (int) all.stream().filter(isolate -> isolate.state() == state).count();
    }

    private static TaskReport.Period period(Forecast forecast, long nowMs) {
        return new TaskReport.Period(
                forecast.state().name(),
                forecast.periodMs(),
                forecast.jitterMs(),
                forecast.degree(),
                forecast.expectedMs() - nowMs,
                forecast.opensMs() - nowMs,
                forecast.closesMs() - nowMs,
                forecast.amount(),
                forecast.hits(),
                forecast.misses());
    }
}
