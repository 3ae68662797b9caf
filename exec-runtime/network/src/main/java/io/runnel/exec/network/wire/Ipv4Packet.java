package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A whole packet of IPv4; fragments are none, as no guest needs to make any on its wire.
 *
 * @param header its first bytes with the first eight of its payload, for errors about it
 * @param payload what it carries, a view of the frame
 */
public record Ipv4Packet(
        int source, int destination, int protocol, ByteBuffer header, ByteBuffer payload) {
    /** Of ICMP. */
    public static final int ICMP = 1;

    /** Of TCP. */
    public static final int TCP = 6;

    /** Of UDP. */
    public static final int UDP = 17;

    /** The least that a header has. */
    static final int LEAST_HEADER = 20;

    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int OFFSET = 0x1fff;
    private static final int QUOTED = 8;

    /** What stands from the buffer's position on, if it is such a packet. */
    public static Optional<Ipv4Packet> parse(ByteBuffer frame) {
        int from = frame.position();
        if (frame.remaining() < LEAST_HEADER) {
            return Optional.empty();
        }
        int first = frame.get(from) & 0xff;
        int headerBytes = (first & 0xf) * Integer.BYTES;
        int length = frame.getShort(from + 2) & 0xffff;
        int fragment = frame.getShort(from + 6);
        if (first >>> 4 != 4
                || headerBytes < LEAST_HEADER
                || length < headerBytes
                || length > frame.remaining()
                || (fragment & (MORE_FRAGMENTS | OFFSET)) != 0
                || Checksum.of(Checksum.sum(frame, from, from + headerBytes)) != 0) {
            return Optional.empty();
        }
        int quoted = Math.min(length, headerBytes + QUOTED);
        return Optional.of(
                new Ipv4Packet(
                        frame.getInt(from + 12),
                        frame.getInt(from + 16),
                        frame.get(from + 9) & 0xff,
                        frame.slice(from, quoted),
                        frame.slice(from + headerBytes, length - headerBytes)));
    }

    /** Whether a checksum over its payload, which counts the addresses in, is right. */
    boolean sumsUp() {
        int length = payload.limit();
        return Checksum.of(
                        Checksum.pseudoHeader(source, destination, protocol, length)
                                + Checksum.sum(payload, 0, length))
                == 0;
    }
}
