package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;

/**
 * The {@code internal} listener of a region's node, as this node reaches it (perhaps through a
 * proxy).
 */
public record Peer(RegionId region, String host, int port) {
    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if there can be no such port
     */
    public Peer {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535: %d".formatted(port));
        }
    }

    @Override
    public String toString() {
        return "%s (%s:%d)".formatted(region, host, port);
    }
}
