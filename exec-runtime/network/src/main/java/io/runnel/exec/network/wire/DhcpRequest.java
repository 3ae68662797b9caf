package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A guest's question for an address of its own (RFC 2131), which is always the same.
 *
 * @param transaction to be repeated in the answer
 * @param kind what it says
 */
public record DhcpRequest(int transaction, Kind kind) {
    /** Where it is sent to. */
    public static final int SERVER_PORT = 67;

    /** Where its answer is sent to. */
    public static final int CLIENT_PORT = 68;

    private static final int FIXED_BYTES = 236;
    private static final int COOKIE = 0x63825363;
    private static final int PAD = 0;
    private static final int END = 255;
    private static final int WANTED_ADDRESS = 50;
    private static final int MESSAGE = 53;
    private static final int FOREVER = -1;

    /** What is said. */
    public enum Kind {
        /** Is there a server? */
        DISCOVER,
        /** This address is wanted. */
        REQUEST,
        /** Another address is wanted. */
        REQUEST_OTHER
    }

    /** The question in a datagram, if it is one. */
    public static Optional<DhcpRequest> parse(ByteBuffer bytes) {
        if (bytes.limit() < FIXED_BYTES + Integer.BYTES
                || bytes.get(0) != 1
                || bytes.getInt(FIXED_BYTES) != COOKIE) {
            return Optional.empty();
        }
        int message = 0;
        int wanted = bytes.getInt(12); // What a client has already.
        int at = FIXED_BYTES + Integer.BYTES;
        while (at < bytes.limit() && (bytes.get(at) & 0xff) != END) {
            int option = bytes.get(at) & 0xff;
            int length = option == PAD ? -1 : at + 1 < bytes.limit() ? bytes.get(at + 1) & 0xff : 0;
            if (at + 2 + length > bytes.limit()) {
                return Optional.empty();
            }
            if (option == MESSAGE && length == 1) {
                message = bytes.get(at + 2);
            } else if (option == WANTED_ADDRESS && length == Integer.BYTES) {
                wanted = bytes.getInt(at + 2);
            }
            at += 2 + length;
        }
        int transaction = bytes.getInt(4);
        return switch (message) {
            case 1 -> Optional.of(new DhcpRequest(transaction, Kind.DISCOVER));
            case 3 ->
                    Optional.of(
                            new DhcpRequest(
                                    transaction,
                                    wanted == Lan.GUEST ? Kind.REQUEST : Kind.REQUEST_OTHER));
            default -> Optional.empty();
        };
    }

    /** The answer: the guest's address, way out and name server, for ever. */
    public ByteBuffer answer() {
        boolean refused = kind == Kind.REQUEST_OTHER;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + 64);
        out.put((byte) 2).put((byte) 1).put((byte) 6).put((byte) 0).putInt(transaction);
        out.putLong(0).putInt(refused ? 0 : Lan.GUEST).putLong(0);
        FrameWriter.card(out, Lan.GUEST_CARD);
        out.position(FIXED_BYTES).putInt(COOKIE);
        int message = refused ? 6 : kind == Kind.DISCOVER ? 2 : 5;
        out.put((byte) MESSAGE).put((byte) 1).put((byte) message);
        option(out, 54, Lan.GATEWAY);
        if (!refused) {
            option(out, 51, FOREVER);
            option(out, 1, Lan.MASK);
            option(out, 3, Lan.GATEWAY);
            option(out, 6, Lan.NAMES);
            out.put((byte) 26).put((byte) 2).putShort((short) Lan.MTU);
        }
        return out.put((byte) END).flip();
    }

    private static void option(ByteBuffer out, int number, int value) {
        out.put((byte) number).put((byte) Integer.BYTES).putInt(value);
    }
}
