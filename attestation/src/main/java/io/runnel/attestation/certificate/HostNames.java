package io.runnel.attestation.certificate;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * By which names of hosts users call a node, beside its identity, which is no name of a host.
 *
 * @param names of DNS, in lower case
 * @param addresses of IP
 */
public record HostNames(List<String> names, List<InetAddress> addresses) {
    /** None: who is called by nodes only. */
    public static final HostNames NONE = new HostNames(List.of(), List.of());

    private static final String LOCAL = "localhost";

    /** Copies the lists. */
    public HostNames {
        names = List.copyOf(names);
        addresses = List.copyOf(addresses);
    }

    /**
     * Those of a node that listens there. One that listens at all addresses has no address that it
     * is called by; one that listens on this machine's own is {@code localhost} as well. Looks no
     * name up.
     *
     * @param host as a topology names it
     */
    public static HostNames of(String host) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return new HostNames(List.of(host.toLowerCase(Locale.ROOT)), List.of());
        }
        List<String> names = new ArrayList<>();
        if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
            names.add(LOCAL);
        }
        return new HostNames(names, address.isAnyLocalAddress() ? List.of() : List.of(address));
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return names.isEmpty() && addresses.isEmpty();
    }
}
