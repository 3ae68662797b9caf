package io.runnel.exec.microvm.guest;

import java.nio.ByteBuffer;

/** Makes the bytes of frames. */
final class FrameWriter {
    private FrameWriter() {}

    /**
     * A frame, ready to be sent.
     *
     * @throws IllegalArgumentException if the payload is too long
     */
    static ByteBuffer frame(FrameType type, byte[] bytes, int offset, int length) {
        if (length > GuestFrame.MOST_PAYLOAD) {
            throw new IllegalArgumentException(
                    "%s has %d bytes; at most %d fit a frame"
                            .formatted(type, length, GuestFrame.MOST_PAYLOAD));
        }
        return ByteBuffer.allocate(GuestFrame.HEAD + length)
                .putInt(length + 1)
                .put(type.code())
                .put(bytes, offset, length)
                .flip();
    }

    static ByteBuffer frame(FrameType type, byte[] bytes) {
        return frame(type, bytes, 0, bytes.length);
    }

    static ByteBuffer empty(FrameType type) {
        return frame(type, new byte[0]);
    }

    static ByteBuffer number(FrameType type, int value) {
        return frame(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    static ByteBuffer number(FrameType type, long value) {
        return frame(type, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }
}
