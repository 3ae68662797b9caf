package io.runnel.cluster.hazelcast;

import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import java.util.function.Consumer;

/**
 * Where the nodes around one region tell each other how they are. Safe for any thread; no method
 * but {@link #close} waits for anything.
 *
 * <ol>
 *   <li>A status is believed for a limited time: a node publishes again well before that is over,
 *       as a rule every second.
 *   <li>Of statuses that could not be sent yet only the latest is kept and sent when the cluster is
 *       reached. Publishing never fails.
 *   <li>A node sees its own status whether or not the cluster is reached.
 * </ol>
 */
public interface StatusBoard extends AutoCloseable {
    /**
     * Tells the others. After {@link #close} nothing happens.
     *
     * @throws IllegalArgumentException if it is another node's status
     */
    void publish(NodeStatus status);

    /** Everybody who was heard of lately. */
    NetworkView view();

    /**
     * Has the listener called with each new view, on the board's own thread, one call at a time;
     * what it throws is logged. It should be brief: while it runs no view changes.
     */
    void onChange(Consumer<NetworkView> listener);

    /** Whether the cluster is reached now. */
    boolean isConnected();

    /**
     * Takes the own status back, if that is quickly done, and leaves. Waits a few seconds at most.
     */
    @Override
    void close();
}
