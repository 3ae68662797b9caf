package io.runnel.pop;

import io.runnel.cluster.hazelcast.ClientSettings;
import io.runnel.cluster.hazelcast.LinkSecurity;
import io.runnel.cluster.hazelcast.PopCluster;
import io.runnel.cluster.replication.CatalogFile;
import io.runnel.cluster.replication.CatalogSink;
import io.runnel.cluster.replication.Checking;
import io.runnel.cluster.replication.ContactFile;
import io.runnel.cluster.replication.FeedFollower;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.SealCheck;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.node.FolderLock;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Contacts;
import io.runnel.topology.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What only one process of a POP may have at a time: its files, its feed (a region ends the feed of
 * a node that comes anew), its word in the cluster, its listener for operators. It is the one that
 * holds the lock of the node's folder. A process that takes over waits for that lock; the one
 * before it gives all of this up first, and serves on with the catalog that it has.
 *
 * <p>Safe for any thread; what begins and ends blocks.
 */
final class PopTenure implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PopTenure.class.getName());
    private static final Duration WRITE_CATALOG_AFTER = Duration.ofSeconds(1);
    private static final Duration TO_GET_LOCK = Duration.ofSeconds(30);

    private final Parts parts;
    private volatile Optional<Held> held = Optional.empty();
    private Optional<NodeListener> admin = Optional.empty();

    /**
     * What it needs.
     *
     * @param check what is believed of records
     * @param security what it shows and believes in the cluster
     * @param certified done when regions may be asked for more than a certificate
     * @param listenForOperators opens the listener for operators
     */
    record Parts(
            Vertx vertx,
            PopFacts facts,
            CatalogHolder catalog,
            InternalClient client,
            SealCheck check,
            LinkSecurity security,
            Future<Void> certified,
            Executor disk,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanoClock,
            Supplier<Future<NodeListener>> listenForOperators) {}

    /** What there is of it while it lasts. */
    private record Held(
            FolderLock lock,
            PopCluster cluster,
            CatalogFile file,
            ContactFile contacts,
            FeedFollower follower) {}

    PopTenure(Parts parts) {
        this.parts = parts;
    }

    /**
     * Waits for the node's folder, and puts the catalog that was kept there in place.
     *
     * @return when regions confirmed it last
     * @throws IOException if another process does not give the folder up
     */
    synchronized Contacts begin() throws IOException {
        PopFacts facts = parts.facts();
        FolderLock lock = FolderLock.take(facts.folder(), TO_GET_LOCK);
        CatalogFile file =
                new CatalogFile(
                        facts.folder().catalog(),
                        parts.check(),
                        WRITE_CATALOG_AFTER,
                        parts.nanoClock());
        ContactFile contacts =
                new ContactFile(facts.folder().contacts(), parts.clock(), parts.nanoClock());
        Contacts earlier = contacts.read();
        CatalogSink sink = new CatalogSink(parts.catalog(), file, parts.disk());
        sink.restore();
        FeedFollower follower =
                new FeedFollower(
                        parts.vertx(),
                        parts.client(),
                        facts.pop().node(),
                        facts.regions(),
                        Set.of(),
                        sink,
                        new Checking(parts.check(), parts.disk()),
                        parts.catalog(),
                        FeedFollower.Settings.DEFAULT,
                        parts.random(),
                        parts.nanoClock());
        PopCluster cluster = PopCluster.start(clientSettings(facts, parts.security()));
        held = Optional.of(new Held(lock, cluster, file, contacts, follower));
        return earlier;
    }

    private static ClientSettings clientSettings(PopFacts facts, LinkSecurity security) {
        return ClientSettings.of(
                facts.pop().node(),
                facts.pop().region(),
                facts.topology().clusterAddresses(facts.pop().name().value(), facts.pop().region()),
                facts.token(),
                security);
    }

    /** Follows the feed, and listens to operators; to be called once after {@link #begin}. */
    synchronized void start() {
        held.ifPresent(h -> parts.certified().onComplete(asked -> h.follower().start()));
        admin = Optional.of(join(parts.listenForOperators().get()));
    }

    /** How often a region sent what its origin did not write. */
    long refused() {
        return held.map(h -> h.follower().status().refused()).orElse(0L);
    }

    /** Whether this process is the one. */
    boolean isHeld() {
        return held.isPresent();
    }

    /** Tells the others; nothing if another process speaks for this node. */
    void publish(NodeStatus status) {
        held.ifPresent(h -> h.cluster().publish(status));
    }

    /** Keeps when regions confirmed the catalog last. Blocks. */
    void keepContacts() {
        held.ifPresent(h -> h.contacts().keep(parts.catalog().contacts()));
    }

    /** Where operators come in. */
    synchronized int adminPort() {
        return admin.map(NodeListener::port).orElseThrow();
    }

    /** Gives all of it up to another process. Does nothing the second time. */
    synchronized void letGo() {
        end(PopCluster::resign);
    }

    /**
     * Takes it again.
     *
     * @throws UncheckedIOException if another process has it
     */
    synchronized void takeBack() {
        if (isHeld()) {
            return;
        }
        try {
            Contacts unused = begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Gives it up, and takes back what was said of this node. */
    @Override
    public synchronized void close() {
        end(PopCluster::close);
    }

    private void end(java.util.function.Consumer<PopCluster> leave) {
        admin.ifPresent(listener -> join(listener.drain(Duration.ZERO)));
        admin = Optional.empty();
        held.ifPresent(
                h -> {
                    held = Optional.empty();
                    h.follower().close().join();
                    h.contacts().keep(parts.catalog().contacts());
                    h.file().close();
                    leave.accept(h.cluster());
                    release(h.lock());
                });
    }

    private static void release(FolderLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the lock's file was not closed", e);
        }
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
