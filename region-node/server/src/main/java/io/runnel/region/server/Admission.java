package io.runnel.region.server;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.Writers;
import io.runnel.exec.task.NodeName;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says in the store which nodes of the region may write. When its cluster splits, the oldest node
 * of the side that has most of them shuts the others out, by an epoch in the database that each
 * write is held against: also the writes of a node that has not noticed yet, or that stood still
 * meanwhile. When they are together again it lets them in. Safe for any thread; never blocks.
 */
final class Admission {
    /** How often it is to be looked at. */
    static final Duration EVERY = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Admission.class.getName());
    private static final String LEASE = "admission";
    private static final Duration LIFE = Duration.ofSeconds(3);

    private final NodeName self;
    private final int all;
    private final Supplier<List<NodeName>> members;
    private final RegionStore store;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * Of a region of {@code all} nodes.
     *
     * @param members those that this node is together with, the oldest first
     */
    Admission(NodeName self, int all, Supplier<List<NodeName>> members, RegionStore store) {
        this.self = self;
        this.all = all;
        this.members = members;
        this.store = store;
    }

    /** Whether this many of a region's nodes are most of them. */
    static boolean isMost(int present, int all) {
        return 2 * present > all;
    }

    /** Names the writers anew, if that is this node's to do and they are others now. */
    CompletionStage<Void> look() {
        List<NodeName> present = members.get();
        boolean mine = all > 1 && isMost(present.size(), all) && present.getFirst().equals(self);
        if (!mine || !busy.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(null);
        }
        Set<String> names =
                present.stream().map(NodeName::value).collect(Collectors.toUnmodifiableSet());
        return store.take(LEASE, self.value(), LIFE)
                .thenCompose(
                        lease ->
                                lease.holder().equals(self.value())
                                        ? admit(names)
                                        : CompletableFuture.completedFuture(null))
                .whenComplete((done, failure) -> ended(failure));
    }

    private CompletionStage<Void> admit(Set<String> names) {
        return store.writers()
                .thenCompose(
                        writers ->
                                writers.nodes().equals(names)
                                        ? CompletableFuture.completedFuture(writers)
                                        : store.admit(writers.epoch(), names)
                                                .thenApply(Admission::told))
                .thenAccept(writers -> {});
    }

    private static Writers told(Writers writers) {
        LOG.log(
                Level.INFO,
                "writers of epoch {0} are {1}",
                Long.toString(writers.epoch()),
                writers.nodes());
        return writers;
    }

    private void ended(Throwable failure) {
        busy.set(false);
        if (failure != null) {
            LOG.log(Level.WARNING, "writers cannot be named: {0}", failure.getMessage());
        }
    }
}
