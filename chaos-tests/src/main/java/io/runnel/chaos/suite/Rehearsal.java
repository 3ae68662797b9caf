package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Loads the network as a scenario is about to, floods and all, before anything is broken or judged,
 * until its calls take no longer than is promised. Processes that have just begun interpret and
 * compile, and are slower by some ten times than they are for years after. What is promised is
 * promised of warm ones, and is judged in a run of its own.
 */
final class Rehearsal {
    /** After so many rounds the network is as warm as it gets. */
    static final int MOST = 10;

    /** How many rounds one after the other must be good: one may be chance. */
    private static final int IN_A_ROW = 2;

    private final Caller caller;
    private final LongSupplier nanoClock;

    Rehearsal(Caller caller, LongSupplier nanoClock) {
        this.caller = caller;
        this.nanoClock = nanoClock;
    }

    /**
     * Waits until the calls of each round have ended.
     *
     * @param scenario whose floods have their size
     * @param seed what chance comes from
     * @param keys what the calls' keys begin with, used for nothing before
     * @return how many rounds there were, up to {@link #MOST}
     */
    int of(Scenario scenario, long seed, String keys) {
        int round = 0;
        for (int good = 0; good < IN_A_ROW && round < MOST; round++) {
            List<Call> calls = round(scenario, seed + round, keys + "-rehearsal-" + round);
            good = isWarm(scenario, calls) ? good + 1 : 0;
        }
        return round;
    }

    /** As long as a short fault. */
    private List<Call> round(Scenario scenario, long seed, String keys) {
        Duration lasts = scenario.fault().lasts().brief();
        Span span = new Span(0, lasts.toNanos());
        List<LoadPlan.Due> plan = LoadPlan.of(scenario.steady().streams(), stream -> span, seed);
        return new LoadGenerator(caller, nanoClock, LoadGenerator.MOST_UNDER_WAY)
                .run(plan, nanoClock.getAsLong(), keys, () -> Long.MAX_VALUE);
    }

    private static boolean isWarm(Scenario scenario, List<Call> calls) {
        Set<Guest> flooded = EnumSet.noneOf(Guest.class);
        for (Promise.Flooded flood : scenario.promise().floods()) {
            CallStream stream = scenario.stream(flood.stream());
            flooded.add(stream.task());
            // Whoever got another answer than a good one, or none, heard so late or soon.
            long median = latency(calls, call -> isOf(call, stream) && !call.isAnswered(), 0.5);
            if (median > flood.refusedWithin().toNanos()) {
                return false;
            }
        }
        long p99 = latency(calls, call -> !flooded.contains(call.stream().task()), 0.99);
        return p99 <= scenario.steady().p99().toNanos();
    }

    private static boolean isOf(Call call, CallStream stream) {
        return call.stream().name().equals(stream.name());
    }

    /** The share's quantile in nanoseconds; 0 of no calls. */
    private static long latency(List<Call> calls, Predicate<Call> which, double share) {
        List<Long> took = calls.stream().filter(which).map(Call::latencyNs).sorted().toList();
        return Figures.quantile(took, share);
    }
}
