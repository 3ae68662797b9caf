package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Schedule.Part;
import io.runnel.chaos.suite.Verdict.Finding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Says from a run's records whether a scenario's promises were kept. Computes only. */
final class Judge {
    /**
     * What is not touched runs where it always does, but for this share, or for one call: a read
     * that is late is asked of another region too, whatever made it late. On a machine that is
     * given slack more of them are late.
     */
    private static final double ELSEWHERE = 0.05;

    private static final double MOST_ELSEWHERE = 0.25;

    /** How long after a step a call may still be sent into what it broke. */
    private static final long NOTICED_NS = 50_000_000;

    private final Scenario scenario;
    private final Schedule schedule;
    private final List<Call> calls;
    private final List<StepDone> steps;
    private final ProxyActs acts;
    private final double slack;
    private final List<Finding> findings = new ArrayList<>();

    private Judge(
            Scenario scenario,
            Schedule schedule,
            List<Call> calls,
            List<StepDone> steps,
            ProxyActs acts,
            double slack) {
        this.scenario = scenario;
        this.schedule = schedule;
        this.calls = calls;
        this.steps = steps;
        this.acts = acts;
        this.slack = slack;
    }

    /**
     * The verdict.
     *
     * @param steps those that were taken, in order; at least one
     * @param acts what the fault proxy did during the run
     * @param slack by which every limit of time is multiplied, for machines that are shared
     */
    static Verdict judge(
            Scenario scenario,
            Schedule schedule,
            List<Call> calls,
            List<StepDone> steps,
            ProxyActs acts,
            double slack) {
        return new Judge(scenario, schedule, calls, steps, acts, slack).verdict();
    }

    private Verdict verdict() {
        Map<Part, Figures> parts = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            parts.put(part, Figures.of(calls(call -> part(call) == part)));
        }
        Map<String, Figures> streams = new LinkedHashMap<>();
        for (CallStream stream : scenario.steady().streams()) {
            streams.put(
                    stream.name(),
                    Figures.of(calls(call -> isFrom(call, stream.name()) && isHit(call))));
        }
        Optional<Duration> recovery = recovery();
        steadyBefore(parts.get(Part.BEFORE));
        List<Call> during = calls(call -> part(call) == Part.DURING);
        findings.addAll(new Bites(scenario, during, calls(this::isHit), acts).findings());
        failures();
        latency(recovery);
        recovered(recovery);
        whereabouts();
        findings.addAll(new Floods(scenario, calls, steps, slack).findings());
        scenario.untouched().stream().sorted().forEach(name -> untouched(name, streams.get(name)));
        return new Verdict(findings, parts, streams, recovery);
    }

    private void steadyBefore(Figures before) {
        double least = scenario.steady().answered();
        findings.add(
                Finding.before(
                        "answered",
                        "at least " + percent(least),
                        percent(before.answered()),
                        before.calls() > 0 && before.answered() >= least));
        Duration most = scenario.steady().p99();
        findings.add(
                Finding.before(
                        "p99",
                        atMost(most),
                        millis(before.p99Ns()),
                        before.p99Ns() <= most.toNanos() * slack));
    }

    private void failures() {
        Promise promise = scenario.promise();
        failures("failed idempotent calls", promise.idempotent(), true);
        failures("failed other calls", promise.others(), false);
    }

    private void failures(String what, Allowance allowance, boolean idempotent) {
        List<Call> all =
                calls(c -> isTouched(c) && isHit(c) && c.stream().isIdempotent() == idempotent);
        List<Call> failed = all.stream().filter(call -> !call.isAnswered()).toList();
        long caught = failed.stream().filter(this::isCaught).count();
        find(
                what,
                "at most " + allowance.text(),
                "%d of %d, %d under way at a step".formatted(failed.size(), all.size(), caught),
                allowance.allows(failed.size(), caught, all.size()));
    }

    /**
     * Whether it was under way while a step was taken, or as long after as a connection's end
     * takes.
     */
    private boolean isCaught(Call call) {
        long noticed = Math.round(NOTICED_NS * slack);
        return steps.stream()
                .filter(step -> !isWaiting(step))
                .anyMatch(
                        step ->
                                call.sentNs() <= step.endNs() + noticed
                                        && call.endNs() >= step.beganNs());
    }

    /** A step that does nothing to anybody's connections. */
    private static boolean isWaiting(StepDone step) {
        return switch (step.action()) {
            case Action.OnNode onNode -> onNode.kind() == Action.Kind.AWAIT;
            case Action.OnCalls onCalls -> true;
            case Action.OnDisk onDisk -> true;
            case Action.OnCertificate onCertificate -> false;
            case Action.Forget forget -> true;
            case Action.Jump jump -> true;
            case Action.Reset reset -> true;
            case Action.Add add -> false;
            case Action.Remove remove -> false;
            case Action.OnLink onLink -> false;
            case Action.Lose lose -> false;
            case Action.Deliver deliver -> false;
        };
    }

    private void latency(Optional<Duration> recovery) {
        Figures during = Figures.of(calls(c -> isTouched(c) && part(c) == Part.DURING));
        findTime("p99 while the fault lasts", scenario.promise().p99During(), during.p99Ns());
        if (recovery.isEmpty()) {
            Duration most = scenario.promise().p99After();
            find("p99 afterwards", atMost(most), "not steady again", false);
            return;
        }
        long back = Math.max(schedule.overNs(), fromNs() + recovery.get().toNanos());
        Figures after = Figures.of(calls(c -> isTouched(c) && c.dueNs() >= back));
        findTime("p99 afterwards", scenario.promise().p99After(), after.p99Ns());
    }

    private void recovered(Optional<Duration> recovery) {
        Promise.Recovery promised = scenario.promise().recovery();
        String from =
                switch (promised.from()) {
                    case FIRST -> "steady again, from the fault's first step";
                    case LAST -> "steady again, from the fault's last step";
                };
        if (recovery.isEmpty()) {
            find(from, atMost(promised.within()), "not until the end", false);
        } else {
            findTime(from, promised.within(), recovery.get().toNanos());
        }
    }

    private Optional<Duration> recovery() {
        return Recoveries.time(
                calls(call -> call.stream().flood().isEmpty()),
                fromNs(),
                schedule.endNs(),
                scenario.steady().answered(),
                Math.round(scenario.steady().p99().toNanos() * slack));
    }

    private long fromNs() {
        return switch (scenario.promise().recovery().from()) {
            case FIRST -> steps.getFirst().beganNs();
            case LAST -> steps.getLast().endNs();
        };
    }

    private void whereabouts() {
        for (Promise.Whereabouts promised : scenario.promise().whereabouts()) {
            List<Call> answered =
                    calls(
                            call ->
                                    isFrom(call, promised.stream())
                                            && call.isAnswered()
                                            && part(call) == Part.DURING);
            double share = share(answered, promised.at());
            find(
                    "%s runs at %s while the fault lasts"
                            .formatted(promised.stream(), promised.at()),
                    "at least " + percent(promised.least()),
                    percent(share),
                    share >= promised.least());
        }
    }

    private void untouched(String name, Figures figures) {
        find(
                name + " is not touched: failed",
                "0",
                "%d of %d".formatted(figures.failed(), figures.calls()),
                figures.failed() == 0 && figures.calls() > 0);
        findTime(name + " is not touched: p99", scenario.steady().p99(), figures.p99Ns());
        List<Call> answered = calls(c -> isFrom(c, name) && isHit(c) && c.isAnswered());
        String place = scenario.stream(name).runs();
        long elsewhere = answered.stream().filter(call -> !call.ranAt(place)).count();
        long most =
                Math.max(1, (long) (answered.size() * Math.min(MOST_ELSEWHERE, ELSEWHERE * slack)));
        find(
                "%s is not touched: runs elsewhere than at %s".formatted(name, place),
                "at most " + most,
                "%d of %d".formatted(elsewhere, answered.size()),
                elsewhere <= most);
    }

    /** Share of these that ran there; 0 of none. */
    static double share(List<Call> calls, String place) {
        long there = calls.stream().filter(call -> call.ranAt(place)).count();
        return calls.isEmpty() ? 0 : (double) there / calls.size();
    }

    private List<Call> calls(Predicate<Call> which) {
        return calls.stream().filter(which).toList();
    }

    /** A call that was under way when the fault began belongs to it. */
    private Part part(Call call) {
        if (call.endNs() < steps.getFirst().beganNs()) {
            return Part.BEFORE;
        }
        return call.dueNs() < schedule.overNs() ? Part.DURING : Part.AFTER;
    }

    private boolean isHit(Call call) {
        return part(call) != Part.BEFORE;
    }

    /** Of a flood other things are promised. */
    private boolean isTouched(Call call) {
        return !scenario.untouched().contains(call.stream().name())
                && call.stream().flood().isEmpty();
    }

    private static boolean isFrom(Call call, String stream) {
        return call.stream().name().equals(stream);
    }

    private void findTime(String what, Duration most, long measuredNs) {
        find(what, atMost(most), millis(measuredNs), measuredNs <= most.toNanos() * slack);
    }

    private void find(String what, String limit, String measured, boolean kept) {
        findings.add(new Finding(what, limit, measured, kept));
    }

    private String atMost(Duration most) {
        return "at most " + millis(Math.round(most.toNanos() * slack));
    }

    static String millis(long ns) {
        double ms = ns / 1e6;
        return String.format(Locale.ROOT, ms < 100 ? "%.1f ms" : "%.0f ms", ms);
    }

    static String percent(double share) {
        // Never rounded up to all.
        return String.format(Locale.ROOT, "%.2f %%", Math.floor(share * 10_000) / 100);
    }
}
