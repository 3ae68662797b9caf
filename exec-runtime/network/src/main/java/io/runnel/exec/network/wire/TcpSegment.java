package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A segment of TCP.
 *
 * @param window as it stands there, not scaled
 * @param payload its bytes, a view of the frame
 */
public record TcpSegment(
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgment,
        int flags,
        int window,
        TcpOptions options,
        ByteBuffer payload) {
    /** No more comes. */
    public static final int FIN = 1;

    /** A connection begins. */
    public static final int SYN = 2;

    /** A connection is no more. */
    public static final int RST = 4;

    /** Do not wait for more. */
    public static final int PSH = 8;

    /** The acknowledgment counts. */
    public static final int ACK = 16;

    static final int HEADER_BYTES = 20;

    /** The segment in a packet, if it is one. */
    public static Optional<TcpSegment> parse(Ipv4Packet packet) {
        ByteBuffer bytes = packet.payload();
        if (packet.protocol() != Ipv4Packet.TCP || bytes.limit() < HEADER_BYTES) {
            return Optional.empty();
        }
        int data = (bytes.get(12) >>> 4 & 0xf) * Integer.BYTES;
        if (data < HEADER_BYTES || data > bytes.limit() || !packet.sumsUp()) {
            return Optional.empty();
        }
        int flags = bytes.get(13) & 0x3f;
        Optional<TcpOptions> options =
                (flags & SYN) == 0
                        ? Optional.of(TcpOptions.NONE)
                        : TcpOptions.parse(bytes, HEADER_BYTES, data);
        return options.map(
                said ->
                        new TcpSegment(
                                bytes.getShort(0) & 0xffff,
                                bytes.getShort(2) & 0xffff,
                                bytes.getInt(4),
                                bytes.getInt(8),
                                flags,
                                bytes.getShort(14) & 0xffff,
                                said,
                                bytes.slice(data, bytes.limit() - data)));
    }

    /** Whether it has all these flags. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** How many sequence numbers it takes: its bytes, and one for a SYN and a FIN each. */
    public int length() {
        return payload.remaining() + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }
}
