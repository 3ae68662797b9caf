package io.runnel.pop;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.ForwardReport;
import io.runnel.routing.forward.RegionForwarder;
import io.runnel.routing.forward.RegionState;
import io.runnel.routing.journal.NodeMeters;

import java.util.function.ToDoubleFunction;

/** What a POP measures of its way to regions. */
final class ForwardMeters {
    private static final String REGION = "region";

    private final NodeMeters meters;
    private final RegionForwarder forwarder;

    private ForwardMeters(NodeMeters meters, RegionForwarder forwarder) {
        this.meters = meters;
        this.forwarder = forwarder;
    }

    /** Measures this from now on. */
    static void register(NodeMeters meters, RegionForwarder forwarder) {
        ForwardMeters all = new ForwardMeters(meters, forwarder);
        all.calls();
        forwarder.report().regions().forEach(region -> all.region(region.region()));
    }

    private void calls() {
        counter("runnel.forward.calls", "Calls that a region was asked for", ForwardReport::calls);
        counter("runnel.forward.tries", "Requests sent to regions", ForwardReport::tries);
        counter(
                "runnel.forward.retries",
                "Those beyond a call's first, hedges included",
                ForwardReport::retries);
        counter(
                "runnel.forward.without.budget",
                "Calls that might have been tried again, but for the budget of tries",
                ForwardReport::withoutBudget);
        counter(
                "runnel.forward.waited",
                "Calls that waited for the budget of tries, however that ended",
                ForwardReport::waited);
        meters.gauge(
                "runnel.forward.waiting",
                "Those that do now",
                forwarder,
                each -> each.report().waiting());
        meters.gauge(
                "runnel.forward.budget",
                "Tries beyond the first that may be made now",
                forwarder,
                each -> each.report().budgetLeft());
    }

    private void counter(String name, String what, ToDoubleFunction<ForwardReport> value) {
        meters.counter(name, what, forwarder, each -> value.applyAsDouble(each.report()));
    }

    private void region(RegionId region) {
        gauge(region, "runnel.region.up", "1 if it answers", r -> isUp(r.state()) ? 1 : 0);
        gauge(
                region,
                "runnel.region.broken",
                "1 while its circuit breaker is open",
                r -> r.state().breaker() == RegionState.Breaker.OPEN ? 1 : 0);
        gauge(
                region,
                "runnel.region.load.percent",
                "What it says of its load; 100: full",
                r -> r.state().loadPercent());
        gauge(
                region,
                "runnel.region.round.trip.seconds",
                "Measured",
                r -> r.state().roundTripNanos() / 1e9);
        counter(
                region,
                "runnel.region.answered",
                "Calls that it answered",
                ForwardReport.Region::answered);
        counter(
                region,
                "runnel.region.failed",
                "Tries that it did not answer, never sent ones included",
                r -> r.failed().values().stream().mapToLong(Long::longValue).sum());
        counter(
                region,
                "runnel.region.hedges",
                "Tries here because another region was late",
                ForwardReport.Region::hedges);
    }

    private static boolean isUp(RegionState state) {
        return state.reach() == RegionState.Reach.UP;
    }

    private void gauge(
            RegionId region,
            String name,
            String what,
            ToDoubleFunction<ForwardReport.Region> value) {
        meters.gauge(name, what, REGION, region.value(), forwarder, of(region, value));
    }

    private void counter(
            RegionId region,
            String name,
            String what,
            ToDoubleFunction<ForwardReport.Region> value) {
        meters.counter(name, what, REGION, region.value(), forwarder, of(region, value));
    }

    private static ToDoubleFunction<RegionForwarder> of(
            RegionId region, ToDoubleFunction<ForwardReport.Region> value) {
        return forwarder ->
                forwarder.report().regions().stream()
                        .filter(each -> each.region().equals(region))
                        .findFirst()
                        .map(value::applyAsDouble)
                        .orElse(0.0);
    }
}
