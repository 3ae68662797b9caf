package io.runnel.cluster.replication;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Regions and one follower, for a test; closed after it. */
final class FeedNet implements AutoCloseable {
    /** As used, but quicker to lose patience, and to try again. */
    static final FeedFollower.Settings QUICK =
            new FeedFollower.Settings(
                    Duration.ofMillis(400),
                    Duration.ofMillis(5),
                    Duration.ofMillis(50),
                    Duration.ofMillis(50),
                    Duration.ofMillis(20),
                    20_000,
                    ByteSize.ofMiB(64));

    final Vertx vertx = Vertx.vertx();
    final InternalClient client;
    final FakeFeedSink sink = new FakeFeedSink();
    final CatalogHolder contacts = new CatalogHolder(System::nanoTime);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<FeedFollower> followers = new ArrayList<>();

    FeedNet() {
        this.client =
                new InternalClient(
                        vertx::createHttpClient,
                        InternalClient.options().setReceiveBufferSize(TestLink.BUFFER_BYTES));
    }

    TestRegion region(RegionId name, FakeFeedLog log) {
        return new TestRegion(vertx, name, log);
    }

    FeedFollower follow(TestRegion... sources) {
        return follow(sink, Set.of(), sources);
    }

    FeedFollower follow(FeedSink into, Set<RegionId> except, TestRegion... sources) {
        return follow("ams", into, except, contacts, sources);
    }

    /** A region that keeps copies of what its sources have, all but its own, and serves them on. */
    FeedFollower copy(TestRegion region, TestRegion... sources) {
        return follow(
                region.name + "-1",
                new CopySink(region.log),
                Set.of(region.name),
                region.contacts,
                sources);
    }

    private FeedFollower follow(
            String node,
            FeedSink into,
            Set<RegionId> except,
            CatalogHolder confirmed,
            TestRegion... sources) {
        List<Peer> peers = List.of(sources).stream().map(TestRegion::peer).toList();
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        FeedFollower follower =
                new FeedFollower(
                        vertx,
                        client,
                        new NodeName(node),
                        peers,
                        except,
                        into,
                        new Checking(TestSigners.check(), workers),
                        confirmed,
                        QUICK,
                        new SplittableRandom(seed),
                        System::nanoTime);
        followers.add(follower);
        follower.start();
        return follower;
    }

    void awaitCovered(OriginLog log) {
        Await.until(
                "all of %s/%s in the sink".formatted(log.origin, log.log),
                () -> sink.covers(log.origin, log.log, log.head().seq()),
                () -> sink + "; " + followers.stream().map(FeedFollower::status).toList());
    }

    void awaitSource(FeedFollower follower, TestRegion region) {
        Await.until(
                "following " + region.name,
                () ->
                        follower.status()
                                .source()
                                .map(Peer::region)
                                .filter(region.name::equals)
                                .isPresent(),
                follower::status);
    }

    @Override
    public void close() {
        followers.forEach(follower -> Await.get(follower.close()));
        client.close();
        workers.close();
        Await.get(vertx.close().toCompletionStage());
    }
}
