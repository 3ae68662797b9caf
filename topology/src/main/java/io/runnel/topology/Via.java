package io.runnel.topology;

import java.util.Optional;

/**
 * The detour of a link, through a fault proxy: what is dialled instead of the region's own address.
 *
 * @param internal in place of the node's {@code internal}, if that goes through the proxy
 * @param cluster in place of the node's {@code cluster}, if that does
 */
public record Via(Optional<Address> internal, Optional<Address> cluster) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if neither is given
     */
    public Via {
        if (internal.isEmpty() && cluster.isEmpty()) {
            throw new IllegalArgumentException("via must give internal or cluster");
        }
    }
}
