package io.runnel.cluster.hazelcast;

import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A region's node in its cluster: a member. Safe for any thread. */
public final class RegionCluster implements StatusBoard {
    private final MemberSettings settings;

    private RegionCluster(MemberSettings settings) {
        this.settings = settings;
    }

    /** Starts, and returns before it is in the cluster: {@link #ready} tells when. */
    public static RegionCluster start(MemberSettings settings) {
        return new RegionCluster(settings);
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
        return "RegionCluster(" + settings.node() + ")";
    }
}
