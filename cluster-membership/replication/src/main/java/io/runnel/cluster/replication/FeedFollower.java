package io.runnel.cluster.replication;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.vertx.core.Vertx;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Follows the feed of the first source that can be reached. */
public final class FeedFollower {
    /**
     * Follows nobody yet.
     *
     * @param node who follows
     * @param sources the preferred one first
     * @param except origins that are not wanted: a region's own
     * @param contacts is told when origins confirmed
     */
    public FeedFollower(
            Vertx vertx,
            InternalClient client,
            NodeName node,
            List<Peer> sources,
            Set<RegionId> except,
            FeedSink sink,
            CatalogHolder contacts,
            RandomGenerator random,
            LongSupplier nanoClock) {}

    /** Begins to follow. */
    public void start() {}

    /** How it is doing. */
    public FollowerStatus status() {
        return new FollowerStatus(
                FollowerStatus.State.IDLE, Optional.empty(), 0, 0, 0, Optional.empty());
    }

    /** Completes when all that a source knows has been delivered for the first time. */
    public CompletableFuture<Void> caughtUp() {
        return new CompletableFuture<>();
    }

    /** Follows nobody any more; completes when the last delivery is over. */
    public CompletableFuture<Void> close() {
        return CompletableFuture.completedFuture(null);
    }
}
