package io.runnel.routing.catalog;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of IP addresses as {@code 192.0.2.0/24} or {@code 2001:db8::/32} names it (RFC 4632); an
 * address alone is a block of one.
 */
public final class AddressBlock {
    private static final int MOST_CHARACTERS = 64;

    private final byte[] address;
    private final int bits;
    private final String text;

    private AddressBlock(byte[] address, int bits, String text) {
        this.address = address;
        this.bits = bits;
        this.text = text;
    }

    /**
     * Reads a block.
     *
     * @throws IllegalArgumentException if it is none, or has bits behind its prefix
     */
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] address =
                text.length() > MOST_CHARACTERS
                        ? new byte[0]
                        : bytes(slash < 0 ? text : text.substring(0, slash)).orElse(new byte[0]);
        int most = address.length * Byte.SIZE;
        String prefix = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        int bits = prefix.matches("[0-9]{1,3}") ? Integer.parseInt(prefix) : -1;
        if (most == 0 || bits < 0 || bits > most) {
            throw new IllegalArgumentException("network must be an address or ADDRESS/BITS");
        }
        AddressBlock block = new AddressBlock(address, bits, text);
        if (!block.isPrefix()) {
            throw new IllegalArgumentException("network has bits behind its prefix: " + text);
        }
        return block;
    }

    private static Optional<byte[]> bytes(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isPrefix() {
        for (int bit = bits; bit < address.length * Byte.SIZE; bit++) {
            if ((address[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether this address is of the block; what is no address is of none. */
    public boolean contains(String other) {
        return bytes(other).map(this::contains).orElse(false);
    }

    private boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (other[i] != address[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        int mask = 0xff00 >> rest;
        return rest == 0 || (other[whole] & mask & 0xff) == (address[whole] & mask & 0xff);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressBlock block && block.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was read. */
    @Override
    public String toString() {
        return text;
    }
}
