package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A fault, and what is promised about it.
 *
 * @param name as commands know it
 * @param title a line for people
 * @param after how long the network is watched when the fault is over
 * @param bites signs that the fault was there at all; at least one
 * @param untouched names of streams that must not notice anything: no failure, steady latency, run
 *     where they always do
 */
record Scenario(
        String name,
        String title,
        Steady steady,
        Fault fault,
        Phase after,
        Promise promise,
        List<Bite> bites,
        Set<String> untouched) {
    Scenario {
        bites = List.copyOf(bites);
        untouched = Set.copyOf(untouched);
    }

    /** Its stream of this name, which it has. */
    CallStream stream(String wanted) {
        return steady.streams().stream()
                .filter(stream -> stream.name().equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    /** When its parts begin. */
    Schedule schedule(boolean isBrief) {
        Duration before = steady.lasts().length(isBrief);
        Duration during = fault.lasts().length(isBrief);
        double scale = (double) during.toNanos() / fault.lasts().full().toNanos();
        return new Schedule(before, during, after.length(isBrief), scale);
    }

    /** Whether a step has the kernel lose packets. */
    boolean losesPackets() {
        return fault.steps().stream().anyMatch(step -> step.action() instanceof Action.Lose);
    }
}
