package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A datagram of UDP.
 *
 * @param payload its bytes, a view of the frame
 */
public record UdpDatagram(int sourcePort, int destinationPort, ByteBuffer payload) {
    static final int HEADER_BYTES = 8;

    /** The datagram in a packet, if it is one. */
    public static Optional<UdpDatagram> parse(Ipv4Packet packet) {
        ByteBuffer bytes = packet.payload();
        if (packet.protocol() != Ipv4Packet.UDP || bytes.limit() < HEADER_BYTES) {
            return Optional.empty();
        }
        int length = bytes.getShort(4) & 0xffff;
        boolean summed = bytes.getShort(6) == 0 || packet.sumsUp();
        if (length != bytes.limit() || !summed) {
            return Optional.empty();
        }
        return Optional.of(
                new UdpDatagram(
                        bytes.getShort(0) & 0xffff,
                        bytes.getShort(2) & 0xffff,
                        bytes.slice(HEADER_BYTES, length - HEADER_BYTES)));
    }
}
