package io.runnel.region.cli.supervisor;

import io.runnel.topology.Address;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Tells which addresses of a topology are this machine's. Safe for any thread. */
public final class LocalAddresses {
    private LocalAddresses() {}

    /** Whether a listener at this address would be on this machine. Names are looked up. */
    public static boolean contain(Address address) {
        try {
            InetAddress host = InetAddress.getByName(address.host());
            return host.isLoopbackAddress()
                    || host.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(host) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }
}
