package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Result.Outcome;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
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
    private boolean cold = true;

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
        network.prepare(scenario);
        String keys = keys(scenario);
        try (HttpCaller caller = new HttpCaller(network.pops(), network.keys(scenario))) {
            Settling settling = new Settling(caller, nanoClock);
            settling.await(scenario.steady().streams(), keys);
            rehearse(scenario, caller, keys);
            settling.await(scenario.steady().streams(), keys + "-rehearsed");
            Scenario sized = scenario.withStreams(stream -> sized(stream, caller));
            return scenario.sparesProcesses()
                    ? spared(sized, caller, keys)
                    : loaded(sized, caller, keys);
        } finally {
            network.heal();
        }
    }

    /**
     * Until the network is warm: before the first scenario, and where refusals are judged. What
     * looks beside the calls, and writes, does so here too.
     */
    private void rehearse(Scenario scenario, Caller caller, String keys) {
        if (!cold && scenario.promise().floods().isEmpty()) {
            return;
        }
        Scenario sized = scenario.withStreams(stream -> sized(stream, caller));
        List<Watch> watches = watches(scenario, nanoClock.getAsLong());
        try {
            new Rehearsal(caller, nanoClock).of(sized, options.seed(), keys);
            cold = false;
        } finally {
            watches.forEach(Watch::close);
        }
    }

    /** A flood is as large as what its place is seen to serve now. */
    private CallStream sized(CallStream stream, Caller caller) {
        if (stream.flood().isEmpty()) {
            return stream;
        }
        int slots = network.slots(stream.runs());
        CallStream sized = stream.withCapacity(new Capacity(caller, nanoClock).of(stream, slots));
        if (sized.callsPerSecond() < 1 || sized.callsPerSecond() > ScenarioReader.MOST_RATE) {
            throw new NetworkException(
                    "a flood is 1 to %d calls a second: %d"
                            .formatted(ScenarioReader.MOST_RATE, sized.callsPerSecond()));
        }
        return sized;
    }

    /** Nothing ends a process, so each that was there before is there afterwards. */
    private Outcome spared(Scenario scenario, Caller caller, String keys) {
        Map<String, Long> before = network.processes();
        Outcome.Ran ran = loaded(scenario, caller, keys);
        Map<String, Long> after = network.processes();
        List<String> others =
                before.keySet().stream()
                        .filter(node -> !before.get(node).equals(after.get(node)))
                        .sorted()
                        .toList();
        Verdict.Finding finding =
                new Verdict.Finding(
                        "processes that ended or began anew",
                        "none",
                        others.isEmpty() ? "none" : String.join(", ", others),
                        others.isEmpty());
        return new Outcome.Ran(
                ran.schedule(), ran.calls(), ran.steps(), ran.verdict().and(List.of(finding)));
    }

    private Outcome.Ran loaded(Scenario scenario, Caller caller, String keys) {
        Schedule schedule = scenario.schedule(options.isBrief());
        long latestNs = schedule.endNs() + LONGER.toNanos();
        List<LoadPlan.Due> plan =
                LoadPlan.of(
                        scenario.steady().streams(),
                        stream -> scenario.span(stream, schedule, latestNs),
                        options.seed());
        ProxyActs before = network.acts();
        AtomicLong endNs = new AtomicLong(Long.MAX_VALUE);
        long startNs = nanoClock.getAsLong();
        FutureTask<List<StepDone>> faults =
                new FutureTask<>(() -> hurt(scenario, schedule, startNs, endNs));
        Thread.ofVirtual().start(faults);
        LoadGenerator load = new LoadGenerator(caller, nanoClock, LoadGenerator.MOST_UNDER_WAY);
        List<Watch> watches = watches(scenario, startNs);
        try {
            List<Call> calls =
                    load.run(plan, startNs, keys, endNs::get).stream()
                            .sorted(Comparator.comparingLong(Call::dueNs))
                            .toList();
            List<StepDone> steps = join(faults);
            ProxyActs acts = network.acts().since(before);
            Schedule was = schedule.until(steps.getLast().endNs());
            Verdict verdict = Judge.judge(scenario, was, calls, steps, acts, options.slack());
            for (Watch watch : watches) {
                verdict = verdict.and(watch.findings(steps, options.slack()));
            }
            return new Outcome.Ran(was, calls, steps, verdict);
        } finally {
            watches.forEach(Watch::close);
        }
    }

    /** What is looked at beside the calls. */
    private List<Watch> watches(Scenario scenario, long startNs) {
        List<Watch> watches = new ArrayList<>();
        for (String node : scenario.clocks()) {
            URI url = network.url(node);
            watches.add(
                    ClockWatch.begin(
                            node, url, network.root(), startNs, InstantSource.system(), nanoClock));
        }
        for (String node : scenario.revoked()) {
            watches.add(network.thief(node, startNs, nanoClock));
        }
        for (String node : scenario.forgotten()) {
            watches.add(network.certified(node, startNs, nanoClock));
        }
        Set<String> written = new TreeSet<>(scenario.disks());
        written.addAll(scenario.clocks());
        for (String node : written) {
            String prefix = "chaos-%x-%s".formatted(startNs, node);
            watches.add(Writes.begin(network.operator(node), prefix, startNs, nanoClock));
        }
        return watches;
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

    /** What is asked with a key that was used before may be answered from memory. */
    private String keys(Scenario scenario) {
        return "%s-%d-%s".formatted(scenario.name(), options.seed(), UUID.randomUUID());
    }
}
