package io.runnel.exec.outbound;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that are reached over the public internet: all but those that are special in IANA's
 * registries (RFC 6890 and what followed it). What is special leads to this machine, to machines
 * near it, to many at once, or to services that trust whoever reaches them, such as the metadata
 * service of a cloud.
 *
 * <p>Some addresses of IPv6 stand for one of IPv4, and a machine or a gateway translates them:
 * these are what the address of IPv4 is.
 */
final class PublicAddresses {
    /** An address and how many of its bits count. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by content.
    private record Block(byte[] prefix, int bits) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            return new Block(
                    bytes(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Block block
                    && bits == block.bits
                    && Arrays.equals(prefix, block.prefix);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(prefix) + bits;
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int shift = 8 * prefix.length - bits;
            return new BigInteger(1, address)
                    .shiftRight(shift)
                    .equals(new BigInteger(1, prefix).shiftRight(shift));
        }
    }

    private static final List<Block> SPECIAL =
            blocks(
                    "0.0.0.0/8", // this machine
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // between providers and their customers; metadata of one cloud
                    "127.0.0.0/8", // loopback
                    "168.63.129.16/32", // the metadata of another cloud
                    "169.254.0.0/16", // link-local; metadata of most clouds
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // assigned by protocols; metadata of a third cloud
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // relays of 6to4
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast

    /** What is public in IPv6 is within this block, and not in those of {@link #SPECIAL_6}. */
    private static final Block GLOBAL_6 = Block.of("2000::/3");

    private static final List<Block> SPECIAL_6 =
            blocks(
                    "2001::/23", // assigned by protocols; Teredo
                    "2001:db8::/32", // documentation
                    "3fff::/20", // documentation
                    "5f00::/16"); // routing by segments

    /** Addresses whose last four bytes are one of IPv4. */
    private static final List<Block> ENDS_IN_4 =
            blocks("::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48");

    /** Whose bytes 2 to 5 are one of IPv4. */
    private static final Block SIX_TO_FOUR = Block.of("2002::/16");

    private PublicAddresses() {}

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(Block::of).toList();
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    static boolean contains(InetAddress address) {
        // Java makes addresses of IPv4 of those that are mapped into IPv6 (::ffff:1.2.3.4).
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return isPublic4(bytes);
        }
        Optional<byte[]> embedded = embedded(bytes);
        if (embedded.isPresent()) {
            return isPublic4(embedded.get());
        }
        return GLOBAL_6.contains(bytes) && SPECIAL_6.stream().noneMatch(b -> b.contains(bytes));
    }

    private static boolean isPublic4(byte[] bytes) {
        return SPECIAL.stream().noneMatch(b -> b.contains(bytes));
    }

    private static Optional<byte[]> embedded(byte[] bytes) {
        if (SIX_TO_FOUR.contains(bytes)) {
            return Optional.of(Arrays.copyOfRange(bytes, 2, 6));
        }
        return ENDS_IN_4.stream().anyMatch(b -> b.contains(bytes))
                ? Optional.of(Arrays.copyOfRange(bytes, 12, 16))
                : Optional.empty();
    }
}
