package io.runnel.region.server;

import io.runnel.cluster.store.Lease;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.Writers;
import io.runnel.exec.task.NodeName;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says in the store which nodes of the region may write: one node does, which sees most of them and
 * holds a lease. It shuts out whom it does not see, by an epoch in the database that each write is
 * held against: also the writes of a node that has not noticed yet, or that stood still meanwhile.
 * When they are together again it lets them in.
 *
 * <p>The lease is another's to take when the holder has not gone on with it for three seconds, by
 * the clock of who looks: of one that stands still, or is cut off and so sees most no more, nobody
 * needs to be told. Safe for any thread; never blocks.
 */
final class Admission {
    /** How often it is to be looked at. */
    static final Duration EVERY = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Admission.class.getName());
    private static final String LEASE = "admission";
    private static final Duration LIFE = Duration.ofSeconds(3);

    private final NodeName self;
    private final int all;
    private final Supplier<Set<NodeName>> seen;
    private final RegionStore store;
    private final LongSupplier nanoClock;

    /** Whoever set it may read and write what follows. */
    private final AtomicBoolean busy = new AtomicBoolean();

    private Optional<Lease> lease = Optional.empty();
    private long sinceNanos;

    /**
     * Of a region of {@code all} nodes.
     *
     * @param seen those that this node sees, itself included
     * @param nanoClock monotonic
     */
    Admission(
            NodeName self,
            int all,
            Supplier<Set<NodeName>> seen,
            RegionStore store,
            LongSupplier nanoClock) {
        this.self = self;
        this.all = all;
        this.seen = seen;
        this.store = store;
        this.nanoClock = nanoClock;
    }

    /** Whether this many of a region's nodes are most of them. */
    static boolean isMost(int present, int all) {
        return 2 * present > all;
    }

    /** Names the writers anew, if that is this node's to do and they are others now. */
    CompletionStage<Void> look() {
        Set<NodeName> present = seen.get();
        boolean may = all > 1 && isMost(present.size(), all);
        if (!may || !busy.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(null);
        }
        Set<String> names =
                present.stream().map(NodeName::value).collect(Collectors.toUnmodifiableSet());
        long asked = nanoClock.getAsLong();
        return store.lease(LEASE)
                .thenCompose(
                        now ->
                                mayTake(now, asked)
                                        ? take(names)
                                        : CompletableFuture.completedFuture(null))
                .whenComplete((done, failure) -> ended(failure));
    }

    private boolean mayTake(Optional<Lease> now, long askedNanos) {
        if (!now.equals(lease)) {
            saw(now);
        }
        return now.isEmpty() || isMine(now) || askedNanos - sinceNanos >= LIFE.toNanos();
    }

    private void saw(Optional<Lease> now) {
        lease = now;
        sinceNanos = nanoClock.getAsLong();
    }

    private boolean isMine(Optional<Lease> now) {
        return now.filter(held -> held.holder().equals(self.value())).isPresent();
    }

    /** The epoch is read first: it is another if somebody else names writers meanwhile. */
    private CompletionStage<Void> take(Set<String> names) {
        return store.writers()
                .thenCompose(
                        writers ->
                                store.take(LEASE, self.value(), LIFE, lease)
                                        .thenCompose(taken -> admit(taken, writers, names)));
    }

    private CompletionStage<Void> admit(Lease taken, Writers writers, Set<String> names) {
        saw(Optional.of(taken));
        if (!isMine(lease) || writers.nodes().equals(names)) {
            return CompletableFuture.completedFuture(null);
        }
        return store.admit(writers.epoch(), names).thenAccept(Admission::tell);
    }

    private static void tell(Writers writers) {
        LOG.log(
                Level.INFO,
                "writers of epoch {0} are {1}",
                Long.toString(writers.epoch()),
                writers.nodes());
    }

    private void ended(Throwable failure) {
        busy.set(false);
        if (failure != null) {
            LOG.log(Level.WARNING, "writers cannot be named: {0}", failure.getMessage());
        }
    }
}
