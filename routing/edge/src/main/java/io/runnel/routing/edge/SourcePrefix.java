package io.runnel.routing.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

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

    /** As people write it, {@code 192.0.2.0/24}; {@code ?} for what is no address. */
    static String text(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            int bytes = parsed instanceof Inet4Address ? V4_BYTES : V6_BYTES;
            byte[] first = Arrays.copyOf(parsed.getAddress(), bytes);
            byte[] prefix = Arrays.copyOf(first, parsed.getAddress().length);
            return "%s/%d"
                    .formatted(
                            InetAddress.getByAddress(prefix).getHostAddress(), bytes * Byte.SIZE);
        } catch (IllegalArgumentException e) {
            return "?";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another's length", e);
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
