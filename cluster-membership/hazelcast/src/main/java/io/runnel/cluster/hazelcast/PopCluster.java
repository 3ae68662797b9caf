package io.runnel.cluster.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;

import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A POP in its region's cluster: a client, which comes as soon as it can show who it is, and comes
 * back by itself whenever it can. Safe for any thread.
 *
 * <p>Hazelcast's client tries again without end while nobody answers, but gives itself up when a
 * member tells it that they do not fit: then another one is made.
 */
public final class PopCluster implements StatusBoard {
    private static final System.Logger LOG = System.getLogger(PopCluster.class.getName());
    private static final Duration PAUSE_BETWEEN_CLIENTS = Duration.ofSeconds(1);

    private static final Duration UNTIL_CERTIFIED = Duration.ofMillis(100);

    private final ClientSettings settings;
    private final Owner owner;
    private final Bulletin bulletin;
    private final SecuredLinks links;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile boolean connected;
    private volatile boolean closed;

    // The owner's alone.
    private Optional<HazelcastInstance> client = Optional.empty();
    private Optional<SharedMap> map = Optional.empty();

    private PopCluster(ClientSettings settings) {
        this.settings = settings;
        owner = new Owner("cluster-" + settings.node());
        bulletin = Bulletin.ownedBy(owner, settings.node(), settings.statusLife());
        links = new SecuredLinks(settings.security(), settings.node(), settings.region());
    }

    /** Starts, and returns before it is in the cluster: {@link #ready} tells when. */
    public static PopCluster start(ClientSettings settings) {
        PopCluster cluster = new PopCluster(settings);
        cluster.owner.execute(cluster::startClient);
        return cluster;
    }

    /** Done once the cluster was reached for the first time; never fails. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    private void startClient() {
        if (closed) {
            return;
        }
        if (!settings.security().isCertified()) {
            owner.executeAfter(UNTIL_CERTIFIED, this::startClient);
            return;
        }
        String secret = ClusterSecret.of(settings.token(), settings.region());
        SystemLoggers.installWithout(secret);
        ClientConfig config = Tuning.client(settings, secret, links);
        LifecycleListener hop = event -> owner.execute(() -> follow(event.getState()));
        config.addListenerConfig(new ListenerConfig(hop));
        LOG.log(Level.INFO, () -> "%s is looked for at %s".formatted(this, settings.members()));
        try {
            client = Optional.of(HazelcastClient.newHazelcastClient(config));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> "%s cannot start its client: %s".formatted(this, e));
            owner.executeAfter(PAUSE_BETWEEN_CLIENTS, this::startClient);
        }
    }

    private void follow(LifecycleEvent.LifecycleState state) {
        switch (state) {
            case CLIENT_CONNECTED, CLIENT_CHANGED_CLUSTER -> attach();
            case CLIENT_DISCONNECTED -> detach();
            case SHUTDOWN -> startAnother();
            case STARTING, STARTED, SHUTTING_DOWN, MERGING, MERGED, MERGE_FAILED -> {}
        }
    }

    private void attach() {
        if (map.isEmpty()) {
            map = client.map(c -> StatusMap.listenedBy(bulletin, c));
        }
        map.ifPresent(bulletin::attach);
        if (!connected) {
            LOG.log(Level.INFO, () -> this + " is reached");
        }
        connected = true;
        ready.complete(null);
    }

    private void detach() {
        if (connected) {
            LOG.log(Level.WARNING, () -> this + " is away; what it said last is believed a while");
        }
        connected = false;
        bulletin.detach();
    }

    private void startAnother() {
        detach();
        client = Optional.empty();
        map = Optional.empty();
        if (!closed) {
            owner.executeAfter(PAUSE_BETWEEN_CLIENTS, this::startClient);
        }
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

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public void close() {
        closed = true;
        owner.endWith(this::leave);
    }

    /** As {@link #close}; what was said of this node stands, for another process speaks on. */
    public void resign() {
        closed = true;
        owner.endWith(this::end);
    }

    private void leave() {
        bulletin.leave(Duration.ofSeconds(1));
        end();
    }

    private void end() {
        connected = false;
        client.ifPresent(HazelcastInstance::shutdown);
        links.close();
    }

    @Override
    public String toString() {
        return "cluster of %s from %s".formatted(settings.region(), settings.node());
    }
}
