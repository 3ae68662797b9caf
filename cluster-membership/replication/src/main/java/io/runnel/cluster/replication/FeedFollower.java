package io.runnel.cluster.replication;

import io.runnel.cluster.replication.FollowerStatus.State;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Follows the feed of one source at a time: the first of its list that answers. When that one is
 * lost, the next is followed at once, from where the sink is; a better one is tried every second
 * meanwhile, and followed again as soon as it sends. Records are checked, hash by hash and
 * signature by signature, before they are delivered; a source that sends anything else is dropped.
 *
 * <p>A POP has one follower: its region, then the failover regions. A region has one for each other
 * region, with that region alone as its source, {@code except} its own origin, all before one
 * {@link SerialSink}: so what a cut link withholds comes by way of a third region. What comes twice
 * is passed over.
 *
 * <p>All methods are safe for any thread; the work is done on one event loop.
 */
public final class FeedFollower {
    /**
     * The limits of following.
     *
     * @param silence how long a source may send no line
     * @param firstPause after all sources failed; doubled by each further time
     * @param longestPause that it grows to
     * @param probeEvery how often a better source is tried
     * @param steady a source that is lost sooner is not a good one
     * @param snapshotRecords the most records of a snapshot that is taken
     * @param snapshotBytes the most bytes of it
     */
    public record Settings(
            Duration silence,
            Duration firstPause,
            Duration longestPause,
            Duration probeEvery,
            Duration steady,
            long snapshotRecords,
            ByteSize snapshotBytes) {
        /** 3 s; 50 ms to 1 s; every second; 1 s; 200,000 records, 128 MiB. */
        public static final Settings DEFAULT =
                new Settings(
                        Duration.ofSeconds(3),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        200_000,
                        ByteSize.ofMiB(128));
    }

    private final Following following;

    /**
     * Follows nobody yet.
     *
     * @param node who follows
     * @param sources the preferred one first; at least one
     * @param except origins that are not taken: a region's own
     * @param checking what is believed of records, whoever sends them
     * @param contacts is told when origins confirmed
     * @throws IllegalArgumentException if there is no source
     */
    public FeedFollower(
            Vertx vertx,
            InternalClient client,
            NodeName node,
            List<Peer> sources,
            Set<RegionId> except,
            FeedSink sink,
            Checking checking,
            CatalogHolder contacts,
            Settings settings,
            RandomGenerator random,
            LongSupplier nanoClock) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("a follower must have a source");
        }
        BackOff backOff = new BackOff(settings.firstPause(), settings.longestPause(), random);
        SourceChoice choice = new SourceChoice(sources.size(), backOff, settings.probeEvery());
        Following.Connecting connecting =
                new Following.Connecting(client, node, List.copyOf(sources), Set.copyOf(except));
        FeedTrust trust = new FeedTrust(contacts, nanoClock);
        this.following =
                new Following(
                        vertx, connecting, choice, sink, trust, checking, settings, nanoClock);
    }

    /** Begins to follow; does nothing a second time. */
    public void start() {
        following.start();
    }

    /** How it is doing. */
    public FollowerStatus status() {
        return following.status();
    }

    /** Whether all that the source said it knew is here. */
    public boolean isCaughtUp() {
        return status().state() == State.FOLLOWING;
    }

    /** Completes when all that a source knows has been delivered for the first time. */
    public CompletableFuture<Void> caughtUp() {
        return following.caughtUp();
    }

    /** Follows nobody any more; completes when the last delivery is over. */
    public CompletableFuture<Void> close() {
        return following.close();
    }
}
