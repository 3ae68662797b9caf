package io.runnel.exec.microvm.guest;

import java.nio.ByteBuffer;

/**
 * One frame of the agent's channel: {@code u32 big-endian length of what follows | u8 type |
 * payload}. Its payload has at most {@value #MOST_PAYLOAD} bytes and is not to be changed.
 */
final class GuestFrame {
    /** Bytes. */
    static final int MOST_PAYLOAD = 64 * 1024;

    /** Of length and type, in bytes. */
    static final int HEAD = 5;

    /** How many bytes of data each side may send before it is given more. */
    static final int START_CREDIT = 256 * 1024;

    private final FrameType type;
    private final byte[] payload;

    GuestFrame(FrameType type, byte[] payload) {
        this.type = type;
        this.payload = payload;
    }

    FrameType type() {
        return type;
    }

    byte[] payload() {
        return payload;
    }

    int length() {
        return payload.length;
    }

    /**
     * The payload as one number of four bytes without a sign.
     *
     * @throws BrokenFrameException if it has not four
     */
    long number() {
        require(4);
        return Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt());
    }

    /** Refuses a payload of another length. */
    void require(int length) {
        if (payload.length != length) {
            throw new BrokenFrameException(
                    "%s has %d bytes and not %d".formatted(type, payload.length, length));
        }
    }
}
