package io.runnel.routing.usage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that are written one after the other, numbers in as few as they need: seven bits in each,
 * the lowest first, and the eighth says that more follow (LEB128); signed ones with their sign in
 * the lowest bit. Each number has one form, and no other is read. For one thread.
 */
final class CompactBytes {
    /** The most that a number takes. */
    static final int MOST_NUMBER = 10;

    private static final int BITS = 7;
    private static final int MASK = (1 << BITS) - 1;
    private static final int MORE = 1 << BITS;

    private byte[] bytes;
    private int length;

    CompactBytes(int capacity) {
        bytes = new byte[capacity];
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    int length() {
        return length;
    }

    void putByte(int value) {
        reserve(1);
        bytes[length] = (byte) value;
        length++;
    }

    void putShort(int value) {
        reserve(Short.BYTES);
        ByteBuffer.wrap(bytes).putShort(length, (short) value);
        length += Short.BYTES;
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(length, value);
        length += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(length, value);
        length += Long.BYTES;
    }

    /** A text of ASCII, whose length the reader knows. */
    void putAscii(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += count;
    }

    /** A text of ASCII, after its length. */
    void putName(String name) {
        putByte(name.length());
        putAscii(name);
    }

    /** A number; it takes least if it is small and not negative. */
    void putNumber(long value) {
        reserve(MOST_NUMBER);
        long left = value;
        while ((left & ~MASK) != 0) {
            bytes[length] = (byte) ((left & MASK) | MORE);
            length++;
            left >>>= BITS;
        }
        bytes[length] = (byte) left;
        length++;
    }

    /** A number that takes least if it is near 0. */
    void putSigned(long value) {
        putNumber((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    /**
     * Reads what {@link #putNumber} wrote.
     *
     * @throws UsageFormatException if there is none, or it has more bytes than it needs
     * @throws java.nio.BufferUnderflowException if it goes on behind the end
     */
    static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            int next = in.get();
            long part = next & MASK;
            value |= part << shift;
            if ((next & MORE) == 0) {
                boolean isShort = part != 0 || shift == 0;
                if (isShort && ((part << shift) >>> shift) == part) {
                    return value;
                }
                break;
            }
        }
        throw new UsageFormatException("number has more bytes than it needs, or too many");
    }

    /**
     * Reads a number that must not be negative.
     *
     * @throws UsageFormatException if it is, or there is none
     */
    static long count(ByteBuffer in) {
        long value = number(in);
        if (value < 0) {
            throw new UsageFormatException("number must not be negative");
        }
        return value;
    }

    /**
     * Reads what {@link #putSigned} wrote.
     *
     * @throws UsageFormatException if there is none
     */
    static long signed(ByteBuffer in) {
        long value = number(in);
        return (value >>> 1) ^ -(value & 1);
    }

    /** The CRC-32C of all that was written. */
    int checksum() {
        return UsageBatchCodec.checksum(bytes, length);
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }
}
