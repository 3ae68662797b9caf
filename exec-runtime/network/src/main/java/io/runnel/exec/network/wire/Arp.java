package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;

/** Which card has an address: the host's one has all of its own. */
public final class Arp {
    private static final int BYTES = 28;
    private static final int ETHERNET_AND_IPV4 = 0x0001_0800;
    private static final int LENGTHS = 0x0604;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    private Arp() {}

    /** Whether what stands from the buffer's position on asks for one of the host's addresses. */
    public static boolean asksForHost(ByteBuffer frame) {
        int from = frame.position();
        return frame.remaining() >= BYTES
                && frame.getInt(from) == ETHERNET_AND_IPV4
                && frame.getShort(from + 4) == LENGTHS
                && frame.getShort(from + 6) == REQUEST
                && frame.getInt(from + 14) == Lan.GUEST
                && Lan.isHost(frame.getInt(from + 24));
    }

    /** The address that it asks for. */
    public static int wanted(ByteBuffer frame) {
        return frame.getInt(frame.position() + 24);
    }

    static void writeReply(ByteBuffer out, int address) {
        out.putInt(ETHERNET_AND_IPV4).putShort((short) LENGTHS).putShort((short) REPLY);
        FrameWriter.card(out, Lan.HOST_CARD);
        out.putInt(address);
        FrameWriter.card(out, Lan.GUEST_CARD);
        out.putInt(Lan.GUEST);
    }
}
