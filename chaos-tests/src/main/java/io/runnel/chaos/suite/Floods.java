package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Verdict.Finding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Says whether what is promised of floods was kept. Computes only. */
final class Floods {
    private final Scenario scenario;
    private final List<Call> calls;
    private final List<StepDone> steps;
    private final double slack;

    /**
     * @param calls all of the run
     * @param steps those that were taken
     * @param slack by which limits of time are multiplied
     */
    Floods(Scenario scenario, Collection<Call> calls, List<StepDone> steps, double slack) {
        this.scenario = scenario;
        this.calls = List.copyOf(calls);
        this.steps = List.copyOf(steps);
        this.slack = slack;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        scenario.promise().floods().forEach(promised -> flooded(promised, findings));
        scenario.promise().beside().forEach(promised -> findings.add(beside(promised)));
        return findings;
    }

    private void flooded(Promise.Flooded promised, List<Finding> findings) {
        CallStream flood = scenario.stream(promised.stream());
        Span span = span(flood.name());
        // Whoever calls the task takes its place's slots.
        List<Call> same =
                calls.stream().filter(call -> call.stream().task() == flood.task()).toList();
        findings.add(goodput(promised, flood, span, same));
        List<Call> refused =
                same.stream().filter(call -> span.has(call.dueNs()) && !call.isAnswered()).toList();
        findings.add(neither(promised, refused));
        findings.add(soon(promised, refused));
        if (promised.limited() > 0) {
            findings.add(limited(promised, refused));
        }
    }

    /** What ended while the flood lasted, of what the place was seen to serve before. */
    private static Finding goodput(
            Promise.Flooded promised, CallStream flood, Span span, List<Call> same) {
        double capacity = flood.flood().map(CallStream.Flood::capacity).orElse(0.0);
        long good = same.stream().filter(c -> c.isAnswered() && span.has(c.endNs())).count();
        double share = good / span.seconds() / capacity;
        return new Finding(
                "%s: goodput".formatted(flood.name()),
                "at least %s of capacity".formatted(Judge.percent(promised.goodput())),
                String.format(
                        Locale.ROOT,
                        "%s: %.1f calls a second of %.1f, %.1f offered",
                        Judge.percent(share),
                        good / span.seconds(),
                        capacity,
                        offered(same, span)),
                capacity > 0 && share >= promised.goodput());
    }

    private static double offered(List<Call> same, Span span) {
        return same.stream().filter(call -> span.has(call.dueNs())).count() / span.seconds();
    }

    private static Finding neither(Promise.Flooded promised, List<Call> refused) {
        long neither = refused.stream().filter(call -> !isRefused(call)).count();
        return new Finding(
                "%s: neither answered nor refused with Retry-After".formatted(promised.stream()),
                "0",
                Long.toString(neither),
                neither == 0);
    }

    private Finding soon(Promise.Flooded promised, List<Call> refused) {
        List<Long> took =
                refused.stream().filter(Floods::isRefused).map(Call::latencyNs).sorted().toList();
        long median = Figures.quantile(took, 0.5);
        long most = Math.round(promised.refusedWithin().toNanos() * slack);
        return new Finding(
                "%s: refused, at the median".formatted(promised.stream()),
                "at most " + Judge.millis(most),
                "%s (of %d; p99 %s)"
                        .formatted(
                                Judge.millis(median),
                                took.size(),
                                Judge.millis(Figures.quantile(took, 0.99))),
                median <= most);
    }

    private static Finding limited(Promise.Flooded promised, List<Call> refused) {
        List<Call> flood =
                refused.stream()
                        .filter(Floods::isRefused)
                        .filter(call -> call.stream().name().equals(promised.stream()))
                        .toList();
        long limited = flood.stream().filter(call -> call.end() == CallEnd.LIMITED).count();
        double share = flood.isEmpty() ? 0 : (double) limited / flood.size();
        return new Finding(
                "%s: refused with 429".formatted(promised.stream()),
                "at least " + Judge.percent(promised.limited()),
                Judge.percent(share),
                share >= promised.limited());
    }

    private static boolean isRefused(Call call) {
        return call.end() == CallEnd.REFUSED || call.end() == CallEnd.LIMITED;
    }

    /** Against the same stream's own time before anything came. */
    private Finding beside(Promise.Beside promised) {
        long from = steps.getFirst().beganNs();
        long to = steps.getLast().endNs();
        List<Call> own =
                calls.stream()
                        .filter(call -> call.stream().name().equals(promised.stream()))
                        .toList();
        long quiet = Figures.of(own.stream().filter(c -> c.endNs() < from).toList()).p99Ns();
        Figures loud =
                Figures.of(own.stream().filter(c -> c.endNs() >= from && c.dueNs() < to).toList());
        long most = Math.round((quiet * promised.times() + promised.more().toNanos()) * slack);
        return new Finding(
                "%s beside the flood: p99".formatted(promised.stream()),
                "at most %s: %d x that before it, and %d ms"
                        .formatted(
                                Judge.millis(most), promised.times(), promised.more().toMillis()),
                "%s (of %d; %s before)"
                        .formatted(Judge.millis(loud.p99Ns()), loud.calls(), Judge.millis(quiet)),
                loud.calls() > 0 && quiet > 0 && loud.p99Ns() <= most);
    }

    /** From its step to the one that ends it. */
    private Span span(String stream) {
        return new Span(
                at(new Action.OnCalls(Action.CallKind.FLOOD, stream)),
                at(new Action.OnCalls(Action.CallKind.EBB, stream)));
    }

    private long at(Action action) {
        return steps.stream()
                .filter(step -> step.action().equals(action))
                .findFirst()
                .orElseThrow()
                .beganNs();
    }
}
