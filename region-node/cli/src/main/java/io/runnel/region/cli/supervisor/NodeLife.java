package io.runnel.region.cli.supervisor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.runnel.region.cli.supervisor.SupervisorException.Code;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The life of one node: its phase, its process, and when it is started again. Confined to the one
 * thread of {@code owner}; what other threads learn comes back as a task of that thread, with the
 * number of the process that it is about, so that late news of an earlier process changes nothing.
 */
final class NodeLife {
    private static final Duration PROBE_EVERY = Duration.ofMillis(100);

    private final Surroundings around;
    private LocalNode node;

    private NodePhase phase = NodePhase.STOPPED;
    private long sinceNanos;
    private long processNumber;
    private Optional<RunningNode> running = Optional.empty();
    private Optional<String> verdict = Optional.empty();
    private Optional<String> lastEnd = Optional.empty();
    private int restarts;
    private BackOff backOff = BackOff.FIRST;
    private CompletableFuture<Duration> ready = new CompletableFuture<>();
    private CompletableFuture<Duration> stopped = new CompletableFuture<>();
    private CompletableFuture<Void> gone = new CompletableFuture<>();
    private Optional<RunningNode> successor = Optional.empty();
    private CompletableFuture<Duration> restarted = new CompletableFuture<>();

    /**
     * What a node's life depends on.
     *
     * @param token what operators show to nodes
     * @param tell takes what happened, with the node's phase at that moment
     */
    record Surroundings(
            ScheduledExecutorService owner,
            NodeProcesses processes,
            ReadinessProbe probe,
            Patience patience,
            LongSupplier nanoClock,
            Supplier<String> token,
            BooleanSupplier startsAgain,
            BiConsumer<NodeLife, String> tell) {}

    NodeLife(LocalNode node, Surroundings around) {
        this.node = node;
        this.around = around;
        this.sinceNanos = around.nanoClock.getAsLong();
    }

    LocalNode node() {
        return node;
    }

    NodePhase phase() {
        return phase;
    }

    /** What its next process is to be. */
    void become(LocalNode next) {
        node = next;
    }

    NodeReport report() {
        OptionalLong pid =
                running.map(r -> OptionalLong.of(r.pid())).orElseGet(OptionalLong::empty);
        return new NodeReport(
                node.name(),
                node.role(),
                node.listen(),
                node.secured(),
                phase,
                pid,
                restarts,
                age(),
                lastEnd);
    }

    /** Starts it unless it runs; done when it is ready, failed when its process ends first. */
    CompletableFuture<Duration> start() {
        switch (phase) {
            case STARTING -> {}
            case READY, RESTARTING -> ready = CompletableFuture.completedFuture(Duration.ZERO);
            case STOPPING ->
                    throw new SupervisorException(
                            Code.WRONG_PHASE, node.name() + " is just ending: try again");
            case WAITING, STOPPED, DEAD -> {
                around.processes.undrain(node);
                launch();
            }
        }
        return ready;
    }

    /** Ends it if it runs and keeps it ended; done when its process is gone. */
    CompletableFuture<Duration> stop() {
        switch (phase) {
            case STARTING, READY -> terminate();
            case RESTARTING -> {
                successor.ifPresent(RunningNode::kill);
                terminate();
            }
            case WAITING -> restAs(NodePhase.STOPPED, "stopped before it was started again");
            case STOPPING -> {}
            case DEAD, STOPPED -> stopped = CompletableFuture.completedFuture(Duration.ZERO);
        }
        return stopped;
    }

    /**
     * Puts a new process in the place of the one it has. A POP serves meanwhile; done when the new
     * process serves and the old one has ended. Failed if the new one does not come up: then the
     * old one of a POP serves on.
     *
     * @param undrain whether it takes calls then even if it is drained now
     */
    CompletableFuture<Duration> restart(boolean undrain) {
        return switch (phase) {
            case READY -> {
                if (undrain) {
                    around.processes.undrain(node);
                }
                restarted = new CompletableFuture<>();
                switch (node.role()) {
                    case POP -> handOver();
                    case REGION -> stopAndLaunch();
                }
                yield restarted;
            }
            case RESTARTING -> restarted;
            case STARTING, WAITING, STOPPING, STOPPED, DEAD ->
                    throw new SupervisorException(
                            Code.WRONG_PHASE,
                            "%s is %s: it is not restarted".formatted(node.name(), phase.label()));
        };
    }

    private void stopAndLaunch() {
        long startNanos = around.nanoClock.getAsLong();
        var unused =
                stop().thenComposeAsync(
                                took -> {
                                    launch();
                                    return ready;
                                },
                                around.owner)
                        .whenComplete(
                                (took, failure) -> {
                                    if (failure == null) {
                                        restarted.complete(since(startNanos));
                                    } else {
                                        restarted.completeExceptionally(failure);
                                    }
                                });
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(around.nanoClock.getAsLong() - nanos);
    }

    private void handOver() {
        RunningNode before = running.orElseThrow();
        enter(NodePhase.RESTARTING);
        before.say(RunningNode.LET_GO);
        try {
            RunningNode next = around.processes.start(node, before.seat().other(), true);
            successor = Optional.of(next);
            tell("is taken over by pid " + next.pid());
            var unused =
                    next.onEnd().thenAcceptAsync(code -> successorEnded(next, code), around.owner);
            after(PROBE_EVERY, () -> probeSuccessor(next));
            after(around.patience.toStart(), () -> giveUp(next));
        } catch (UncheckedIOException e) {
            before.say(RunningNode.TAKE_BACK);
            notTakenOver(e.getMessage() + ": " + e.getCause().getMessage());
        }
    }

    private void probeSuccessor(RunningNode next) {
        if (isTakingOver(next)) {
            var unused =
                    around.probe
                            .isProcess(node.admin(), next.pid(), around.token.get())
                            .thenAcceptAsync(is -> successorProbed(next, is), around.owner);
        }
    }

    private void successorProbed(RunningNode next, boolean isThere) {
        if (!isTakingOver(next)) {
            return;
        }
        if (isThere) {
            takenOver(next);
        } else {
            after(PROBE_EVERY, () -> probeSuccessor(next));
        }
    }

    private void takenOver(RunningNode next) {
        RunningNode before = running.orElseThrow();
        Duration took = age();
        adopt(next);
        phase = NodePhase.READY;
        tell("taken over by pid %d after %s".formatted(next.pid(), NodeEnd.seconds(took)));
        before.terminate();
        after(Patience.TO_FINISH, before::kill);
        long startNanos = sinceNanos;
        enter(NodePhase.READY);
        var unused = before.onEnd().thenRunAsync(() -> left(before, startNanos), around.owner);
    }

    /** The process that it has from now on. */
    private void adopt(RunningNode next) {
        successor = Optional.empty();
        running = Optional.of(next);
        processNumber++;
        long number = processNumber;
        var unused = next.onEnd().thenAcceptAsync(code -> ended(number, code), around.owner);
    }

    /**
     * Hurts the process that serves, as a test wants it; done when that has happened.
     *
     * @throws SupervisorException if it has none
     */
    CompletableFuture<Void> hurt(Hurt how) {
        RunningNode process =
                running.orElseThrow(
                        () ->
                                new SupervisorException(
                                        Code.WRONG_PHASE,
                                        "%s has no process now: it is %s"
                                                .formatted(node.name(), phase.label())));
        tell("a test wants pid %d to %s".formatted(process.pid(), how.label()));
        return switch (how) {
            case KILL -> {
                process.kill();
                yield gone;
            }
            case FREEZE -> process.freeze();
            case THAW -> process.thaw();
        };
    }

    private void left(RunningNode before, long startNanos) {
        around.processes.forget(node, before.seat());
        Duration took = since(startNanos);
        tell("pid %d has left after %s".formatted(before.pid(), NodeEnd.seconds(took)));
        restarted.complete(took);
    }

    private void giveUp(RunningNode next) {
        if (isTakingOver(next)) {
            next.kill();
        }
    }

    private void successorEnded(RunningNode next, int exitCode) {
        if (!isTakingOver(next)) {
            return;
        }
        successor = Optional.empty();
        around.processes.forget(node, next.seat());
        running.ifPresent(before -> before.say(RunningNode.TAKE_BACK));
        notTakenOver(NodeEnd.of(exitCode, age(), next.lastLines()).toString());
    }

    private void notTakenOver(String why) {
        enter(NodePhase.READY);
        tell("goes on as it was: the new process " + why);
        restarted.completeExceptionally(
                new SupervisorException(
                        Code.NODE_FAILED,
                        "%s goes on as it was: the new process %s".formatted(node.name(), why)));
    }

    private boolean isTakingOver(RunningNode next) {
        return phase == NodePhase.RESTARTING && successor.equals(Optional.of(next));
    }

    private void launch() {
        enter(NodePhase.STARTING);
        processNumber++;
        verdict = Optional.empty();
        ready = new CompletableFuture<>();
        long number = processNumber;
        try {
            RunningNode process = around.processes.start(node);
            running = Optional.of(process);
            tell("started as pid " + process.pid());
            var unused = process.onEnd().thenAcceptAsync(code -> ended(number, code), around.owner);
            after(PROBE_EVERY, () -> probe(number));
            after(around.patience.toStart(), () -> giveUpStarting(number));
        } catch (UncheckedIOException e) {
            died(e.getMessage() + ": " + e.getCause().getMessage(), false);
        }
    }

    private void probe(long number) {
        if (isStill(number, NodePhase.STARTING)) {
            var unused =
                    around.probe
                            .isReady(node.listen(), node.secured())
                            .thenAcceptAsync(is -> probed(number, is), around.owner);
        }
    }

    private void probed(long number, boolean isReady) {
        if (!isStill(number, NodePhase.STARTING)) {
            return;
        }
        if (isReady) {
            Duration took = age();
            phase = NodePhase.READY;
            tell("ready after " + NodeEnd.seconds(took));
            ready.complete(took);
        } else {
            after(PROBE_EVERY, () -> probe(number));
        }
    }

    private void giveUpStarting(long number) {
        if (isStill(number, NodePhase.STARTING)) {
            verdict =
                    Optional.of(
                            "was not ready within " + NodeEnd.seconds(around.patience.toStart()));
            running.ifPresent(RunningNode::kill);
        }
    }

    private void terminate() {
        enter(NodePhase.STOPPING);
        stopped = new CompletableFuture<>();
        ready.completeExceptionally(
                new SupervisorException(Code.WRONG_PHASE, node.name() + " was stopped"));
        long number = processNumber;
        running.ifPresent(RunningNode::terminate);
        after(around.patience.toStop(), () -> kill(number));
    }

    private void kill(long number) {
        if (isStill(number, NodePhase.STOPPING)) {
            tell("did not end within " + NodeEnd.seconds(around.patience.toStop()) + ": killed");
            running.ifPresent(RunningNode::kill);
        }
    }

    private void ended(long number, int exitCode) {
        if (number != processNumber || running.isEmpty()) {
            return;
        }
        RunningNode process = running.get();
        running = Optional.empty();
        CompletableFuture<Void> awaited = gone;
        gone = new CompletableFuture<>();
        around.processes.forget(node, process.seat());
        if (phase == NodePhase.RESTARTING) {
            // Nobody serves until the one that was to take over is up.
            succeedTheDead();
        } else if (phase == NodePhase.STOPPING) {
            Duration took = age();
            CompletableFuture<Duration> waitedFor = stopped;
            restAs(NodePhase.STOPPED, "stopped after " + NodeEnd.seconds(took));
            waitedFor.complete(took);
        } else {
            NodeEnd end = NodeEnd.of(exitCode, age(), process.lastLines());
            backOff = backOff.afterRunningFor(age());
            died(verdict.orElseGet(end::toString), end.isHopeless());
        }
        awaited.complete(null);
    }

    private void succeedTheDead() {
        RunningNode next = successor.orElseThrow();
        adopt(next);
        enter(NodePhase.STARTING);
        tell("ended before pid %d had taken over".formatted(next.pid()));
        long number = processNumber;
        ready = new CompletableFuture<>();
        restarted = ready;
        after(PROBE_EVERY, () -> probe(number));
        after(around.patience.toStart(), () -> giveUpStarting(number));
    }

    private void died(String how, boolean hopeless) {
        lastEnd = Optional.of(how);
        if (hopeless) {
            restAs(NodePhase.DEAD, how + "; it is not started again by itself");
        } else if (around.startsAgain.getAsBoolean()) {
            waitAndStartAgain(how);
        } else {
            restAs(NodePhase.DEAD, how);
        }
        ready.completeExceptionally(
                new SupervisorException(Code.NODE_FAILED, node.name() + " " + how));
    }

    private void waitAndStartAgain(String how) {
        long number = processNumber;
        Duration delay = backOff.delay();
        backOff = backOff.next();
        restAs(NodePhase.WAITING, "%s; starts again in %s".formatted(how, NodeEnd.seconds(delay)));
        after(delay, () -> startAgain(number));
    }

    private void startAgain(long number) {
        if (isStill(number, NodePhase.WAITING)) {
            restarts++;
            launch();
        }
    }

    private void restAs(NodePhase next, String text) {
        enter(next);
        stopped = CompletableFuture.completedFuture(Duration.ZERO);
        tell(text);
    }

    private void enter(NodePhase next) {
        phase = next;
        sinceNanos = around.nanoClock.getAsLong();
    }

    private boolean isStill(long number, NodePhase expected) {
        return number == processNumber && phase == expected;
    }

    private Duration age() {
        return Duration.ofNanos(around.nanoClock.getAsLong() - sinceNanos);
    }

    private void tell(String text) {
        around.tell.accept(this, text);
    }

    private void after(Duration delay, Runnable then) {
        var unused = around.owner.schedule(then, delay.toMillis(), MILLISECONDS);
    }
}
