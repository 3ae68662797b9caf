package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Result.Outcome;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Runs one scenario: settles, loads, breaks, mends, judges. */
final class ScenarioRun {
    /** How much longer than planned the steps may take, and be watched; starting takes its time. */
    private static final Duration LONGER = Duration.ofSeconds(30);

    /** How often a run is repeated in which there was no steady state before the fault. */
    private static final int MOST_AGAIN = 2;

    private final Network network;
    private final RunOptions options;
    private final LongSupplier nanoClock;

    ScenarioRun(Network network, RunOptions options, LongSupplier nanoClock) {
        this.network = network;
        this.options = options;
        this.nanoClock = nanoClock;
    }

    /** What became of it. The network is whole again, or the outcome says that it is not. */
    Result run(Scenario scenario) {
        long start = nanoClock.getAsLong();
        Outcome outcome;
        try {
            outcome = outcome(scenario);
            for (int again = 0; again < MOST_AGAIN && !wasSteady(outcome); again++) {
                outcome = outcome(scenario);
            }
        } catch (NetworkException e) {
            outcome = new Outcome.Failed(e.getMessage());
        }
        return new Result(scenario, Duration.ofNanos(nanoClock.getAsLong() - start), outcome);
    }

    private static boolean wasSteady(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Ran ran -> ran.verdict().wasSteady();
            case Outcome.Failed failed -> true;
        };
    }

    private Outcome outcome(Scenario scenario) {
        List<String> missing = network.missing(scenario);
        if (!missing.isEmpty()) {
            return new Outcome.Failed("not in this network: " + String.join(", ", missing));
        }
        try (HttpCaller caller = new HttpCaller(network.pops())) {
            new Settling(caller, nanoClock).await(scenario.steady().streams(), key(scenario));
            return loaded(scenario, caller);
        } finally {
            network.heal();
        }
    }

    private Outcome loaded(Scenario scenario, Caller caller) {
        Schedule schedule = scenario.schedule(options.isBrief());
        List<LoadPlan.Due> plan =
                LoadPlan.of(
                        scenario.steady().streams(),
                        schedule.endNs() + LONGER.toNanos(),
                        options.seed());
        ProxyActs before = network.acts();
        AtomicLong endNs = new AtomicLong(Long.MAX_VALUE);
        long startNs = nanoClock.getAsLong();
        FutureTask<List<StepDone>> faults =
                new FutureTask<>(() -> hurt(scenario, schedule, startNs, endNs));
        Thread.ofVirtual().start(faults);
        LoadGenerator load = new LoadGenerator(caller, nanoClock, LoadGenerator.MOST_UNDER_WAY);
        List<Call> calls =
                load.run(plan, startNs, key(scenario), endNs::get).stream()
                        .sorted(Comparator.comparingLong(Call::dueNs))
                        .toList();
        List<StepDone> steps = join(faults);
        ProxyActs acts = network.acts().since(before);
        Schedule was = schedule.until(steps.getLast().endNs());
        Verdict verdict = Judge.judge(scenario, was, calls, steps, acts, options.slack());
        return new Outcome.Ran(was, calls, steps, verdict);
    }

    /** Takes the steps; when the last is done it is known when the load ends. */
    private List<StepDone> hurt(
            Scenario scenario, Schedule schedule, long startNs, AtomicLong endNs) {
        try {
            List<StepDone> done = steps(scenario, schedule, startNs);
            endNs.set(schedule.until(done.getLast().endNs()).endNs());
            return done;
        } catch (RuntimeException e) {
            endNs.set(0);
            throw e;
        }
    }

    private List<StepDone> steps(Scenario scenario, Schedule schedule, long startNs) {
        List<StepDone> done = new ArrayList<>();
        for (FaultStep step : scenario.fault().steps()) {
            long due = startNs + schedule.dueNs(step);
            for (long left = due - nanoClock.getAsLong();
                    left > 0;
                    left = due - nanoClock.getAsLong()) {
                LockSupport.parkNanos(left);
            }
            long began = nanoClock.getAsLong();
            network.apply(step.action());
            done.add(new StepDone(step.action(), began - startNs, nanoClock.getAsLong() - startNs));
        }
        return done;
    }

    private static List<StepDone> join(FutureTask<List<StepDone>> faults) {
        try {
            return faults.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        } catch (ExecutionException e) {
            throw new NetworkException("a step failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private String key(Scenario scenario) {
        return "%s-%d".formatted(scenario.name(), options.seed());
    }
}
