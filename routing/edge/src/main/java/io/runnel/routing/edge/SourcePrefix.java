package io.runnel.routing.edge;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Where a call comes from, as far as one who has many addresses cannot choose it: the first 24 bits
 * of an IPv4 address, the first 56 of an IPv6 address, which is about what a network gives to one
 * customer.
 */
final class SourcePrefix {
    private static final int V4_BYTES = 3;
    private static final int V6_BYTES = 7;

    private SourcePrefix() {}

    /** A number for it; all that is no address has the same. */
    static long of(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet4Address
                    ? prefix(parsed, V4_BYTES, 4)
                    : prefix(parsed, V6_BYTES, 6);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private static long prefix(InetAddress address, int bytes, long kind) {
        byte[] all = address.getAddress();
        long prefix = kind;
        for (int i = 0; i < bytes; i++) {
            prefix = prefix << Byte.SIZE | (all[i] & 0xff);
        }
        return prefix;
    }
}
