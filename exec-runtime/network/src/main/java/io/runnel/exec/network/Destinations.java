package io.runnel.exec.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where a guest may go. Safe for any thread. */
public interface Destinations {
    /**
     * Whether the guest may know that there is such a name. Does not block.
     *
     * @param name in small letters, or an address of IPv4 in its usual form
     */
    boolean knows(String name);

    /** Whether the guest may reach this port of that name. Does not block. */
    boolean allows(String name, int port);

    /**
     * The addresses of a name that may be connected to, at least one, the best first. Blocks.
     *
     * @throws UnknownHostException if there are none
     */
    List<InetAddress> addresses(String name) throws UnknownHostException;

    /** Nowhere. */
    Destinations NONE =
            new Destinations() {
                @Override
                public boolean knows(String name) {
                    return false;
                }

                @Override
                public boolean allows(String name, int port) {
                    return false;
                }

                @Override
                public List<InetAddress> addresses(String name) throws UnknownHostException {
                    throw new UnknownHostException(name);
                }
            };
}
