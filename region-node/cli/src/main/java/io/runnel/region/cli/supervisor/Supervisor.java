package io.runnel.region.cli.supervisor;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.SupervisorException.Code;
import io.runnel.topology.NodeStatus.Role;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps the nodes of one machine running. Every decision is taken on one thread; all methods may be
 * called from any thread and return at once.
 *
 * <p>Until all nodes were ready once, a node that ends is a failed start: everything is stopped.
 * After that it is started again, with a growing delay, unless told otherwise.
 */
final class Supervisor implements AutoCloseable {
    private static final int MOST_REMEMBERED = 500;

    private final ScheduledExecutorService owner =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("supervisor").daemon().factory());
    private final ReadinessProbe probe = new ReadinessProbe();
    private final Map<NodeName, NodeLife> lives = new LinkedHashMap<>();
    private final List<Consumer<SupervisorEvent>> watchers = new CopyOnWriteArrayList<>();
    private final Deque<SupervisorEvent> history = new ArrayDeque<>();
    private final InstantSource clock;
    private final boolean restarts;
    private final NodeLife.Surroundings around;

    private final CompletableFuture<Void> allReady = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean wasReady;
    private boolean ending;

    Supervisor(
            List<LocalNode> nodes,
            NodeProcesses processes,
            boolean restarts,
            Patience patience,
            Supplier<String> token,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.clock = clock;
        this.restarts = restarts;
        this.around =
                new NodeLife.Surroundings(
                        owner,
                        processes,
                        probe,
                        patience,
                        nanoClock,
                        token,
                        this::startsAgain,
                        this::tell);
        nodes.forEach(n -> lives.put(n.name(), new NodeLife(n, around)));
        long everyMillis = Measurements.EVERY.toMillis();
        var unused =
                owner.scheduleWithFixedDelay(
                        () -> Thread.startVirtualThread(processes::measureAnew),
                        everyMillis,
                        everyMillis,
                        TimeUnit.MILLISECONDS);
    }

    /** Takes what happens from now on, on the supervisor's thread; must be quick. */
    void watch(Consumer<SupervisorEvent> watcher) {
        watchers.add(watcher);
    }

    /** As {@link #watch}, after what happened before, as far as it is remembered. */
    void watchFromStart(Consumer<SupervisorEvent> watcher) {
        owner.execute(
                () -> {
                    history.forEach(watcher);
                    watchers.add(watcher);
                });
    }

    void unwatch(Consumer<SupervisorEvent> watcher) {
        watchers.remove(watcher);
    }

    /** Starts every node; if one fails, all are stopped again and {@link #allReady} fails. */
    void startAll() {
        owner.execute(
                () -> {
                    var starts =
                            lives.values().stream()
                                    .map(life -> life.start().whenComplete(this::failTogether))
                                    .toArray(CompletableFuture<?>[]::new);
                    var unused = CompletableFuture.allOf(starts).thenRun(this::becomeReady);
                });
    }

    private void becomeReady() {
        wasReady = true;
        allReady.complete(null);
    }

    private void failTogether(Duration took, Throwable failure) {
        if (failure != null && !wasReady && !ending) {
            allReady.completeExceptionally(failure);
            var unused = stopAll();
        }
    }

    /** Done when every node was ready; failed when the first failed. */
    CompletableFuture<Void> allReady() {
        return allReady.copy();
    }

    /** Done when all nodes have ended for good. */
    CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Starts one node; done when it is ready. */
    CompletableFuture<Duration> start(NodeName name) {
        return onOwner(() -> life(name).start());
    }

    /** Ends one node and keeps it ended; done when its process is gone. */
    CompletableFuture<Duration> stop(NodeName name) {
        return onOwner(() -> life(name).stop());
    }

    /**
     * Takes over what nodes there are to be: new ones are stopped at first, those that stay are as
     * given when they start next, and those that are gone are forgotten once they have no process.
     *
     * @return how many nodes it has
     */
    CompletableFuture<Integer> reload(List<LocalNode> nodes) {
        return onOwner(
                () -> {
                    Set<NodeName> there =
                            nodes.stream().map(LocalNode::name).collect(Collectors.toSet());
                    lives.values()
                            .removeIf(
                                    life ->
                                            !there.contains(life.node().name())
                                                    && !life.phase().hasProcess());
                    for (LocalNode node : nodes) {
                        lives.computeIfAbsent(node.name(), name -> new NodeLife(node, around))
                                .become(node);
                    }
                    return CompletableFuture.completedFuture(lives.size());
                });
    }

    /** Puts a new process in a node's place: {@link NodeLife#restart}. */
    CompletableFuture<Duration> restart(NodeName name, boolean undrain) {
        return onOwner(() -> life(name).restart(undrain));
    }

    /** Hurts a node's process, as a test wants it: {@link NodeLife#hurt}. */
    CompletableFuture<Void> hurt(NodeName name, Hurt how) {
        return onOwner(() -> life(name).hurt(how));
    }

    /**
     * Ends all nodes for good: first the POPs, so that what they still forward finds a region, then
     * the regions.
     */
    CompletableFuture<Void> stopAll() {
        owner.execute(this::beginEnd);
        return ended();
    }

    private void beginEnd() {
        if (!ending) {
            ending = true;
            allReady.completeExceptionally(
                    new SupervisorException(Code.WRONG_PHASE, "the network was stopped"));
            var unused =
                    stopRole(Role.POP)
                            .thenComposeAsync(done -> stopRole(Role.REGION), owner)
                            .thenRun(() -> ended.complete(null));
        }
    }

    private CompletableFuture<Void> stopRole(Role role) {
        return CompletableFuture.allOf(
                lives.values().stream()
                        .filter(life -> life.node().role() == role)
                        .map(NodeLife::stop)
                        .toArray(CompletableFuture<?>[]::new));
    }

    /** What is known of every node. */
    CompletableFuture<List<NodeReport>> reports() {
        return onOwner(
                () ->
                        CompletableFuture.completedFuture(
                                lives.values().stream().map(NodeLife::report).toList()));
    }

    private <T> CompletableFuture<T> onOwner(Supplier<CompletableFuture<T>> question) {
        return CompletableFuture.completedFuture(true).thenComposeAsync(_ -> question.get(), owner);
    }

    private NodeLife life(NodeName name) {
        return Optional.ofNullable(lives.get(name))
                .orElseThrow(
                        () ->
                                new SupervisorException(
                                        Code.NO_SUCH_NODE,
                                        "no node '%s' on this machine; there are %s"
                                                .formatted(name, names())));
    }

    private String names() {
        return lives.keySet().stream().map(NodeName::value).collect(Collectors.joining(", "));
    }

    private boolean startsAgain() {
        return restarts && wasReady && !ending;
    }

    private void tell(NodeLife life, String text) {
        var event = new SupervisorEvent(clock.instant(), life.node().name(), life.phase(), text);
        if (history.size() == MOST_REMEMBERED) {
            history.removeFirst();
        }
        history.addLast(event);
        watchers.forEach(w -> w.accept(event));
    }

    @Override
    public void close() {
        owner.shutdownNow();
        probe.close();
    }
}
