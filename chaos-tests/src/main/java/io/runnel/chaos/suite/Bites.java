package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Verdict.Finding;

import java.util.Collection;
import java.util.List;

/** Says whether a fault bit. Computes only. */
final class Bites {
    private final Scenario scenario;
    private final Collection<Call> during;
    private final Collection<Call> hit;
    private final ProxyActs acts;

    /**
     * @param during the calls while the fault lasts
     * @param hit those and the ones afterwards
     * @param acts what the proxy did meanwhile
     */
    Bites(Scenario scenario, Collection<Call> during, Collection<Call> hit, ProxyActs acts) {
        this.scenario = scenario;
        this.during = List.copyOf(during);
        this.hit = List.copyOf(hit);
        this.acts = acts;
    }

    /** One for each sign that the scenario names. */
    List<Finding> findings() {
        return scenario.bites().stream().map(this::finding).toList();
    }

    private Finding finding(Bite bite) {
        return switch (bite) {
            case Bite.Slower slower -> slower(slower);
            case Bite.Elsewhere elsewhere -> elsewhere(elsewhere);
            case Bite.Failed failed -> failed(failed);
            case Bite.Counted counted -> counted(counted);
        };
    }

    private Finding slower(Bite.Slower bite) {
        long p99 = Figures.of(of(during, bite.stream())).p99Ns();
        return Finding.bite(
                "p99 of " + bite.stream(),
                Judge.millis(bite.least().toNanos()),
                Judge.millis(p99),
                p99 >= bite.least().toNanos());
    }

    private Finding elsewhere(Bite.Elsewhere bite) {
        List<Call> answered = of(during, bite.stream()).stream().filter(Call::isAnswered).toList();
        String usual = scenario.stream(bite.stream()).runs();
        double there = Judge.share(answered, usual);
        double share = answered.isEmpty() ? 0 : 1 - there;
        return Finding.bite(
                "%s runs elsewhere than at %s".formatted(bite.stream(), usual),
                Judge.percent(bite.least()),
                Judge.percent(share),
                share >= bite.least());
    }

    private Finding failed(Bite.Failed bite) {
        int failed = Figures.of(of(hit, bite.stream())).failed();
        return Finding.bite(
                "failed calls of " + bite.stream(),
                Long.toString(bite.least()),
                Integer.toString(failed),
                failed >= bite.least());
    }

    private Finding counted(Bite.Counted bite) {
        long times = acts.of(bite.link(), bite.did());
        return Finding.bite(
                "%s on %s".formatted(bite.did(), bite.link()),
                Long.toString(bite.least()),
                acts.isCounted() ? Long.toString(times) : "not counted by this proxy",
                !acts.isCounted() || times >= bite.least());
    }

    private static List<Call> of(Collection<Call> calls, String stream) {
        return calls.stream().filter(call -> call.stream().name().equals(stream)).toList();
    }
}
