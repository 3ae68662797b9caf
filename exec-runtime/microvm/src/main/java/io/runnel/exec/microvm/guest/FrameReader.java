package io.runnel.exec.microvm.guest;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Cuts a guest's bytes into frames. Holds one unfinished frame at most; a length is checked before
 * memory is taken for it. One thread.
 */
final class FrameReader {
    private final ByteBuffer head = ByteBuffer.allocate(GuestFrame.HEAD);
    private Optional<FrameType> type = Optional.empty();
    private ByteBuffer payload = ByteBuffer.allocate(0);

    /**
     * Takes bytes up to the end of one frame.
     *
     * @param bytes those behind its end are left
     * @return empty if more bytes are wanted, and then all of these have been taken
     * @throws BrokenFrameException if a guest does not send this
     */
    Optional<GuestFrame> next(ByteBuffer bytes) {
        if (type.isEmpty()) {
            move(bytes, head);
            if (head.hasRemaining()) {
                return Optional.empty();
            }
            begin();
        }
        move(bytes, payload);
        if (payload.hasRemaining()) {
            return Optional.empty();
        }
        GuestFrame frame = new GuestFrame(type.orElseThrow(), payload.array());
        type = Optional.empty();
        head.clear();
        return Optional.of(frame);
    }

    private void begin() {
        long length = Integer.toUnsignedLong(head.getInt(0)) - 1;
        byte code = head.get(GuestFrame.HEAD - 1);
        if (length < 0 || length > GuestFrame.MOST_PAYLOAD) {
            throw new BrokenFrameException(
                    "a frame of type %d has %d bytes; at most %d are allowed"
                            .formatted(code, length, GuestFrame.MOST_PAYLOAD));
        }
        type = FrameType.of(code).filter(FrameType::fromGuest);
        if (type.isEmpty()) {
            throw new BrokenFrameException("a frame of unknown type " + code);
        }
        payload = ByteBuffer.allocate((int) length);
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int length = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), length);
        to.position(to.position() + length);
        from.position(from.position() + length);
    }

    /** Whether a frame has begun and not ended. */
    boolean isMidway() {
        return head.position() > 0;
    }
}
