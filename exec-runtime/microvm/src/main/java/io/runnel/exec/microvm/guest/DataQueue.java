package io.runnel.exec.microvm.guest;

import io.runnel.exec.microvm.guest.GuestMessage.Stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes of a guest that nobody has taken yet, in the order in which they came. They lie in one
 * array, so that many small frames take no more memory than few large ones: for each frame three
 * bytes more than it has. Grows as far as its caller lets it; not safe for threads.
 */
final class DataQueue {
    private static final int HEAD = 3;
    private static final int KEPT = 16 * 1024;
    private static final Stream[] STREAMS = Stream.values();

    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    private long added;
    private long taken;

    /** Adds a frame's bytes, at most 64 KiB. */
    void add(Stream stream, ByteBuffer data) {
        int length = data.remaining();
        makeRoom(HEAD + length);
        ByteBuffer.wrap(bytes, to, HEAD)
                .put((byte) Arrays.asList(STREAMS).indexOf(stream))
                .putShort((short) (length - 1));
        data.get(data.position(), bytes, to + HEAD, length);
        to += HEAD + length;
        added++;
    }

    private void makeRoom(int length) {
        if (bytes.length - to >= length) {
            return;
        }
        int held = to - from;
        byte[] target =
                bytes.length - held >= length && held <= bytes.length / 2
                        ? bytes
                        : new byte[Math.max(1024, Math.max(held + length, 2 * held))];
        System.arraycopy(bytes, from, target, 0, held);
        bytes = target;
        from = 0;
        to = held;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** How many frames have ever come: a place in the order. */
    long added() {
        return added;
    }

    /** How many of them have gone. */
    long taken() {
        return taken;
    }

    /** One frame's bytes. */
    record Taken(Stream stream, ByteBuffer bytes) {}

    /** Takes the eldest; not of an empty queue. */
    Taken take() {
        Stream stream = STREAMS[bytes[from]];
        int length = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(from + 1)) + 1;
        byte[] data = Arrays.copyOfRange(bytes, from + HEAD, from + HEAD + length);
        from += HEAD + length;
        taken++;
        if (from == to) {
            from = 0;
            to = 0;
            bytes = bytes.length > KEPT ? new byte[0] : bytes;
        }
        return new Taken(stream, ByteBuffer.wrap(data));
    }
}
