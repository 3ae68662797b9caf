package io.runnel.cluster.hazelcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import java.lang.System.Logger.Level;
import java.net.BindException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A region's node in its cluster: a member, which listens as soon as it can show who it is. Safe
 * for any thread.
 *
 * <p>When two halves of a cluster find each other again, all is read anew.
 */
public final class RegionCluster implements StatusBoard {
    private static final System.Logger LOG = System.getLogger(RegionCluster.class.getName());

    private static final Duration UNTIL_CERTIFIED = Duration.ofMillis(100);
    private static final int MOST_NOTE_BYTES = 64 * 1024;

    private final MemberSettings settings;
    private final Owner owner;
    private final Bulletin bulletin;
    private final SecuredLinks links;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile Optional<HazelcastInstance> member = Optional.empty();
    private volatile boolean closed;

    private RegionCluster(MemberSettings settings) {
        this.settings = settings;
        owner = new Owner("cluster-" + settings.node());
        bulletin = Bulletin.ownedBy(owner, settings.node(), settings.statusLife());
        links = new SecuredLinks(settings.security(), settings.node(), settings.region());
    }

    /** Starts, and returns before it is in the cluster: {@link #ready} tells when. */
    public static RegionCluster start(MemberSettings settings) {
        RegionCluster cluster = new RegionCluster(settings);
        cluster.owner.execute(cluster::join);
        return cluster;
    }

    /**
     * Done once it listens and is in the cluster. Fails with a {@link ClusterException} if it
     * cannot; then it serves its own status only.
     */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    private void join() {
        if (closed) {
            return;
        }
        if (!settings.security().isCertified()) {
            owner.executeAfter(UNTIL_CERTIFIED, this::join);
            return;
        }
        String secret = ClusterSecret.of(settings.token(), settings.region());
        SystemLoggers.installWithout(secret);
        try {
            Config config = Tuning.member(settings, secret);
            HazelcastInstance started =
                    HazelcastInstanceFactory.newHazelcastInstance(
                            config, config.getInstanceName(), new SecuredMember(links));
            member = Optional.of(started);
            started.getCluster().addMembershipListener(new Hop(bulletin));
            bulletin.attach(StatusMap.listenedBy(bulletin, started));
            ready.complete(null);
        } catch (RuntimeException e) {
            ClusterException failure = failure(e);
            LOG.log(Level.ERROR, failure.getMessage());
            ready.completeExceptionally(failure);
        }
    }

    private ClusterException failure(RuntimeException e) {
        if (e instanceof ClusterException known) {
            return known;
        }
        boolean taken = causes(e).anyMatch(BindException.class::isInstance);
        return taken
                ? new ClusterException(
                        ClusterException.Code.CANNOT_LISTEN,
                        "cluster of %s cannot listen at %s"
                                .formatted(settings.region(), settings.address()),
                        e)
                : new ClusterException(
                        ClusterException.Code.CANNOT_START,
                        "cluster of %s cannot start: %s".formatted(settings.region(), e),
                        e);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, t -> t != null, Throwable::getCause).limit(16);
    }

    @Override
    public void publish(NodeStatus status) {
        bulletin.publish(status);
    }

    @Override
    public NetworkView view() {
        return bulletin.view();
    }

    @Override
    public void onChange(Consumer<NetworkView> listener) {
        bulletin.onChange(listener);
    }

    /**
     * Puts a note of this node where the region's others read it, and reads theirs, which may be
     * anything. Waits for the cluster; empty if that is away.
     *
     * @param note at most 64 KiB
     * @param life how long it may be read, also after this node is gone
     */
    public Map<NodeName, String> exchangeNotes(String note, Duration life) {
        Map<NodeName, String> notes = new HashMap<>();
        try {
            Optional<StatusMap> map =
                    member.filter(m -> m.getLifecycleService().isRunning()).map(StatusMap::notes);
            if (map.isPresent()) {
                var unused = map.get().set(settings.node().value(), note.getBytes(UTF_8), life);
                map.get().readAll().forEach((name, text) -> put(notes, name, text));
            }
        } catch (RuntimeException away) {
            LOG.log(Level.DEBUG, "notes were not exchanged", away);
        }
        return notes;
    }

    private void put(Map<NodeName, String> notes, String name, byte[] text) {
        boolean other = NodeName.isValid(name) && !name.equals(settings.node().value());
        if (other && text.length <= MOST_NOTE_BYTES && notes.size() < Inbox.MOST_KEYS) {
            notes.put(new NodeName(name), new String(text, UTF_8));
        }
    }

    @Override
    public boolean isConnected() {
        return member.filter(m -> m.getLifecycleService().isRunning()).isPresent();
    }

    @Override
    public void close() {
        closed = true;
        owner.endWith(this::leave);
    }

    private void leave() {
        bulletin.leave(Duration.ofSeconds(1));
        member.ifPresent(HazelcastInstance::shutdown);
        links.close();
    }

    @Override
    public String toString() {
        return "RegionCluster(%s, %s)".formatted(settings.node(), settings.region());
    }

    private record Hop(Bulletin bulletin) implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            bulletin.reread();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            bulletin.reread();
        }
    }
}
