package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;

/** The internet's checksum, as RFC 1071 has it. */
final class Checksum {
    private static final long LOW = 0xffffffffL;
    private static final int HALF = 0xffff;

    private Checksum() {}

    /** The sum of 16-bit words in network order; an odd byte counts as if a zero followed. */
    static long sum(ByteBuffer bytes, int from, int to) {
        long sum = 0;
        int at = from;
        while (to - at >= Long.BYTES) {
            long word = bytes.getLong(at);
            sum += (word >>> 32) + (word & LOW);
            at += Long.BYTES;
        }
        while (to - at >= Short.BYTES) {
            sum += bytes.getShort(at) & HALF;
            at += Short.BYTES;
        }
        return at < to ? sum + ((bytes.get(at) & 0xffL) << 8) : sum;
    }

    /** That of TCP and UDP over the addresses, the protocol and the length. */
    static long pseudoHeader(int source, int destination, int protocol, int length) {
        return (source & LOW) + (destination & LOW) + protocol + length;
    }

    /** The checksum of such sums. */
    static int of(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & HALF) + (folded >>> 16);
        }
        return (int) ~folded & HALF;
    }
}
