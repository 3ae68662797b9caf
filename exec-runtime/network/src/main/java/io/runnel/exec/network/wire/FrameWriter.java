package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes frames to a guest, each behind its length in four bytes, as QEMU takes them from a stream.
 * For one thread.
 */
public final class FrameWriter {
    /** The most that stands before a payload: length, Ethernet, IPv4, TCP with options. */
    public static final int MOST_HEADERS = 4 + Lan.ETHERNET_BYTES + 20 + 28;

    private static final int TIME_TO_LIVE = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int UNREACHABLE = 3;
    private static final byte[] NO_OPTIONS = {};

    private final ByteBuffer out;

    /** Into this buffer, which has room for what is written. */
    public FrameWriter(ByteBuffer out) {
        this.out = out;
    }

    /** What goes before a segment's payload. */
    public record TcpHead(
            int remoteAddress,
            int remotePort,
            int guestPort,
            int sequence,
            int acknowledgment,
            int flags,
            int window) {}

    static void card(ByteBuffer out, long card) {
        out.putShort((short) (card >>> 32)).putInt((int) card);
    }

    private int begin(int type) {
        int from = out.position();
        out.putInt(0);
        card(out, Lan.GUEST_CARD);
        card(out, Lan.HOST_CARD);
        out.putShort((short) type);
        return from;
    }

    private void end(int from) {
        out.putInt(from, out.position() - from - Integer.BYTES);
    }

    /** The host's card has this address. */
    public void arpReply(int address) {
        int from = begin(Lan.TYPE_ARP);
        Arp.writeReply(out, address);
        end(from);
    }

    private int beginPacket(int source, int protocol) {
        out.put((byte) 0x45).put((byte) 0).putShort((short) 0);
        out.putShort((short) 0).putShort((short) DO_NOT_FRAGMENT);
        out.put((byte) TIME_TO_LIVE).put((byte) protocol).putShort((short) 0);
        out.putInt(source).putInt(Lan.GUEST);
        return out.position();
    }

    private void endPacket(int payload) {
        int header = payload - Ipv4Packet.LEAST_HEADER;
        out.putShort(header + 2, (short) (out.position() - header));
        out.putShort(header + 10, (short) Checksum.of(Checksum.sum(out, header, payload)));
    }

    private int sum(int source, int protocol, int from) {
        return Checksum.of(
                Checksum.pseudoHeader(source, Lan.GUEST, protocol, out.position() - from)
                        + Checksum.sum(out, from, out.position()));
    }

    /** A segment; its payload is what the caller puts behind its head. */
    public void tcp(TcpHead head, Consumer<ByteBuffer> payload) {
        tcp(head, NO_OPTIONS, payload);
    }

    /** One of the first two of a connection. */
    public void tcpSyn(TcpHead head, int mss, int windowScale) {
        tcp(head, TcpOptions.bytes(mss, windowScale), none -> {});
    }

    /** The same for a guest that knows no scaled windows. */
    public void tcpSyn(TcpHead head, int mss) {
        tcp(head, TcpOptions.bytes(mss), none -> {});
    }

    private void tcp(TcpHead head, byte[] options, Consumer<ByteBuffer> payload) {
        int frame = begin(Lan.TYPE_IPV4);
        int from = beginPacket(head.remoteAddress(), Ipv4Packet.TCP);
        int words = (TcpSegment.HEADER_BYTES + options.length) / Integer.BYTES;
        out.putShort((short) head.remotePort()).putShort((short) head.guestPort());
        out.putInt(head.sequence()).putInt(head.acknowledgment());
        out.put((byte) (words << 4)).put((byte) head.flags()).putShort((short) head.window());
        out.putInt(0).put(options);
        payload.accept(out);
        out.putShort(from + 16, (short) sum(head.remoteAddress(), Ipv4Packet.TCP, from));
        endPacket(from);
        end(frame);
    }

    /** A datagram from this address. */
    public void udp(int source, int sourcePort, int guestPort, ByteBuffer payload) {
        int frame = begin(Lan.TYPE_IPV4);
        int from = beginPacket(source, Ipv4Packet.UDP);
        out.putShort((short) sourcePort).putShort((short) guestPort);
        out.putShort((short) (UdpDatagram.HEADER_BYTES + payload.remaining())).putShort((short) 0);
        out.put(payload);
        int sum = sum(source, Ipv4Packet.UDP, from);
        out.putShort(from + 6, (short) (sum == 0 ? 0xffff : sum));
        endPacket(from);
        end(frame);
    }

    /** Why a packet of the guest's does not reach its end. */
    public enum Unreachable {
        /** Nobody is there. */
        HOST(1),
        /** Nobody listens at that port of UDP. */
        PORT(3),
        /** It must not. */
        PROHIBITED(13);

        private final int code;

        Unreachable(int code) {
            this.code = code;
        }
    }

    /** Tells that, of the packet whose first bytes these are. */
    public void unreachable(Unreachable why, ByteBuffer header) {
        int frame = begin(Lan.TYPE_IPV4);
        int from = beginPacket(Lan.GATEWAY, Ipv4Packet.ICMP);
        out.put((byte) UNREACHABLE).put((byte) why.code).putShort((short) 0).putInt(0);
        out.put(header.duplicate());
        int sum = Checksum.of(Checksum.sum(out, from, out.position()));
        out.putShort(from + 2, (short) sum);
        endPacket(from);
        end(frame);
    }
}
