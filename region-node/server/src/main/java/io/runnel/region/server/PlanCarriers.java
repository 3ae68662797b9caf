package io.runnel.region.server;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.Writers;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.TaskRef;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Which node of a region prepares capacity for what is expected of a task: one of those that may
 * write, as the store names them, by {@link Rendezvous}. So it takes no word between nodes, and no
 * write for a task.
 *
 * <p>Two never hold a task at once. What a node read of the writers it believes for three seconds
 * from when it asked, by its own monotonic clock; then it prepares nothing until it has read again.
 * A node to which a task falls by another epoch lets as much time pass first: by then whoever held
 * it under an earlier epoch has read the new one, or believes nothing any more. So it is with a
 * node that is cut off, or stood still.
 *
 * <p>Safe for any thread; never blocks.
 */
final class PlanCarriers {
    /** How often it is to be looked at. */
    static final Duration EVERY = Duration.ofSeconds(1);

    /** How long what was read is believed. */
    static final Duration LIFE = Duration.ofSeconds(3);

    private static final System.Logger LOG = System.getLogger(PlanCarriers.class.getName());

    private final String self;
    private final boolean alone;
    private final RegionStore store;
    private final LongSupplier nanoClock;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Optional<Belief> belief = Optional.empty();

    /**
     * What was read last.
     *
     * @param before the nodes of the epoch before, if that was believed too
     * @param newNanos when this epoch was read first
     * @param readNanos when it was asked for last
     */
    private record Belief(Writers writers, Set<String> before, long newNanos, long readNanos) {}

    /**
     * Of a region of so many nodes.
     *
     * @param nanoClock monotonic
     */
    PlanCarriers(NodeName self, int all, RegionStore store, LongSupplier nanoClock) {
        this.self = self.value();
        this.alone = all == 1;
        this.store = store;
        this.nanoClock = nanoClock;
    }

    /** Whether it is this node's to prepare for a task. */
    boolean fallsHere(TaskRef task) {
        return alone || belief.filter(now -> holds(now, task)).isPresent();
    }

    private boolean holds(Belief now, TaskRef task) {
        long nanos = nanoClock.getAsLong();
        return nanos - now.readNanos() < LIFE.toNanos()
                && isMine(now.writers().nodes(), task)
                && (isMine(now.before(), task) || nanos - now.newNanos() > LIFE.toNanos());
    }

    private boolean isMine(Set<String> nodes, TaskRef task) {
        return Rendezvous.of(task, nodes).equals(Optional.of(self));
    }

    /** Reads who may write. */
    CompletionStage<Void> look() {
        if (alone || !busy.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(null);
        }
        long askedNanos = nanoClock.getAsLong();
        return store.writers()
                .thenAccept(writers -> read(writers, askedNanos))
                .whenComplete((done, failure) -> ended(failure));
    }

    private void read(Writers writers, long askedNanos) {
        long now = nanoClock.getAsLong();
        belief =
                Optional.of(
                        belief.filter(old -> old.writers().epoch() == writers.epoch())
                                .map(
                                        old ->
                                                new Belief(
                                                        writers,
                                                        old.before(),
                                                        old.newNanos(),
                                                        askedNanos))
                                .orElseGet(
                                        () ->
                                                new Belief(
                                                        writers,
                                                        before(writers, now),
                                                        now,
                                                        askedNanos)));
    }

    /** Under an epoch between another may have held what this node held before. */
    private Set<String> before(Writers writers, long now) {
        return belief.filter(old -> old.writers().epoch() + 1 == writers.epoch())
                .filter(old -> now - old.readNanos() < LIFE.toNanos())
                .filter(old -> now - old.newNanos() > LIFE.toNanos())
                .map(old -> old.writers().nodes())
                .orElse(Set.of());
    }

    private void ended(Throwable failure) {
        busy.set(false);
        if (failure != null) {
            LOG.log(Level.DEBUG, () -> "who prepares cannot be read: " + failure.getMessage());
        }
    }
}
