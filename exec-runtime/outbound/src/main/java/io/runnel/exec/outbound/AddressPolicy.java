package io.runnel.exec.outbound;

import java.net.InetAddress;

/**
 * Which addresses guests' requests may go to, whatever name led there. Asked for the very address
 * that is then connected to. Safe for any thread; may block.
 */
@FunctionalInterface
public interface AddressPolicy {
    /** Whether a connection to this address may be made. */
    boolean allows(InetAddress address);

    /**
     * What a node allows: addresses of the public internet ({@link PublicAddresses}), but none of
     * the network's own nodes.
     */
    static AddressPolicy publicExcept(NodeAddresses nodes) {
        return address -> PublicAddresses.contains(address) && !nodes.contains(address);
    }
}
