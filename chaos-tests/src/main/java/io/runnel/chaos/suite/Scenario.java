package io.runnel.chaos.suite;

import io.runnel.exec.task.AccountId;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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

    /** When a stream's calls come: all the time, or from the step to the step that says so. */
    Span span(CallStream stream, Schedule schedule, long endNs) {
        if (stream.flood().isEmpty()) {
            return new Span(0, endNs);
        }
        return new Span(
                due(Action.CallKind.FLOOD, stream, schedule),
                due(Action.CallKind.EBB, stream, schedule));
    }

    private long due(Action.CallKind kind, CallStream stream, Schedule schedule) {
        Action action = new Action.OnCalls(kind, stream.name());
        return fault.steps().stream()
                .filter(step -> step.action().equals(action))
                .mapToLong(schedule::dueNs)
                .findFirst()
                .orElseThrow();
    }

    /** The same with other streams of these names. */
    Scenario withStreams(UnaryOperator<CallStream> change) {
        List<CallStream> streams = steady.streams().stream().map(change).toList();
        Steady changed = new Steady(steady.lasts(), steady.answered(), steady.p99(), streams);
        return new Scenario(name, title, changed, fault, after, promise, bites, untouched);
    }

    /** The tasks that it calls. */
    Set<Guest> guests() {
        return steady.streams().stream().map(CallStream::task).collect(Collectors.toSet());
    }

    /** The accounts that it calls with. */
    Set<AccountId> accounts() {
        return steady.streams().stream()
                .flatMap(stream -> stream.account().stream())
                .collect(Collectors.toSet());
    }

    /** Whether it hurts no process: then each that was there before is there afterwards. */
    boolean sparesProcesses() {
        return fault.steps().stream()
                .map(FaultStep::action)
                .allMatch(a -> a instanceof Action.OnCalls || Steps.sparesProcesses(a));
    }

    /** The nodes whose disks it fills. */
    Set<String> disks() {
        return nodes(Action.OnDisk.class, Action.OnDisk::node);
    }

    /** The nodes whose clocks it sets. */
    Set<String> clocks() {
        return nodes(Action.Jump.class, Action.Jump::node);
    }

    /** Whether it sets clocks. */
    boolean setsClocks() {
        return !clocks().isEmpty();
    }

    /** The nodes whose keys it has forgotten. */
    Set<String> forgotten() {
        return nodes(Action.Forget.class, Action.Forget::node);
    }

    /** The nodes whose certificates it has revoked. */
    Set<String> revoked() {
        return nodes(Action.OnCertificate.class, Action.OnCertificate::node);
    }

    private <A extends Action> Set<String> nodes(Class<A> kind, Function<A, String> node) {
        return fault.steps().stream()
                .map(FaultStep::action)
                .filter(kind::isInstance)
                .map(kind::cast)
                .map(node)
                .collect(Collectors.toSet());
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

    /** Whether it can only be run where nothing of others is: {@link OwnNamespace}. */
    boolean needsNamespace() {
        return losesPackets() || !disks().isEmpty();
    }
}
