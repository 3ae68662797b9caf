package io.runnel.region.server;

import io.runnel.cluster.replication.Checking;
import io.runnel.cluster.replication.FeedFollower;
import io.runnel.cluster.replication.FeedSink;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.SerialSink;
import io.vertx.core.Vertx;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Follows the feed of each other region. */
final class RegionFollowers implements AutoCloseable {
    private final List<FeedFollower> followers;

    private RegionFollowers(List<FeedFollower> followers) {
        this.followers = followers;
    }

    static RegionFollowers start(
            Vertx vertx,
            RegionFacts facts,
            RegionState state,
            InternalClient client,
            Checking checking,
            RandomGenerator random,
            LongSupplier nanoClock) {
        FeedSink sink = new SerialSink(new StoreFeedSink(state.store(), state.feed()));
        List<FeedFollower> followers =
                facts.others().stream()
                        .map(
                                other ->
                                        new FeedFollower(
                                                vertx,
                                                client,
                                                facts.node().name(),
                                                facts.peers(other),
                                                Set.of(facts.region().name()),
                                                sink,
                                                checking,
                                                state.catalog(),
                                                FeedFollower.Settings.DEFAULT,
                                                random,
                                                nanoClock))
                        .toList();
        followers.forEach(FeedFollower::start);
        return new RegionFollowers(followers);
    }

    /** Whether all that any other region knew has come here since this node started. */
    boolean haveHeard() {
        return followers.stream().anyMatch(follower -> follower.caughtUp().isDone());
    }

    /** How often another region sent what its origin did not write. */
    long refused() {
        return followers.stream().mapToLong(follower -> follower.status().refused()).sum();
    }

    @Override
    public void close() {
        CompletableFuture.allOf(
                        followers.stream()
                                .map(FeedFollower::close)
                                .toArray(CompletableFuture<?>[]::new))
                .join();
    }
}
