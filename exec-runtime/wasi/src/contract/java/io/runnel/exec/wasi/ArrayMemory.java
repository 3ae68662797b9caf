package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A guest's memory without a guest: an array of fixed size. */
final class ArrayMemory implements WasiMemory {
    private final byte[] bytes;
    private final long reservableBytes;
    private GuestCall call;
    private long reservedBytes;

    /** Memory of this size; besides, the host may reserve so much of the call's. */
    ArrayMemory(int sizeBytes, long reservableBytes) {
        this.bytes = new byte[sizeBytes];
        this.reservableBytes = reservableBytes;
    }

    /** Begins a call, all zero. */
    void begin(GuestCall running) {
        Arrays.fill(bytes, (byte) 0);
        call = running;
        reservedBytes = 0;
    }

    long reservedBytes() {
        return reservedBytes;
    }

    byte[] readBytes(int address, int length) {
        return Arrays.copyOfRange(bytes, address, address + length);
    }

    /** Puts a text there; its length. */
    int put(int address, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        write(address, utf8, 0, utf8.length);
        return utf8.length;
    }

    String text(int address, int length) {
        return new String(bytes, address, length, StandardCharsets.UTF_8);
    }

    @Override
    public GuestCall call() {
        return call;
    }

    @Override
    public boolean contains(int address, int length) {
        return Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length) <= bytes.length;
    }

    @Override
    public byte[] array() {
        return bytes;
    }

    @Override
    public byte[] arrayForWriting(int address, int length) {
        if (!contains(address, length)) {
            throw new IndexOutOfBoundsException("announced a write outside of the memory");
        }
        return bytes;
    }

    @Override
    public byte read(int address) {
        return bytes[address];
    }

    @Override
    public short readShort(int address) {
        return (short) LittleEndian.u16(bytes, address);
    }

    @Override
    public int readInt(int address) {
        return LittleEndian.i32(bytes, address);
    }

    @Override
    public long readLong(int address) {
        return LittleEndian.i64(bytes, address);
    }

    @Override
    public void writeByte(int address, byte value) {
        bytes[address] = value;
    }

    @Override
    public void writeShort(int address, short value) {
        bytes[address] = (byte) value;
        bytes[address + 1] = (byte) (value >> 8);
    }

    @Override
    public void writeI32(int address, int value) {
        LittleEndian.putI32(bytes, address, value);
    }

    @Override
    public void writeLong(int address, long value) {
        LittleEndian.putI64(bytes, address, value);
    }

    @Override
    public void write(int address, byte[] data, int offset, int length) {
        System.arraycopy(data, offset, bytes, address, length);
    }

    @Override
    public void fill(byte value, int from, int to) {
        Arrays.fill(bytes, from, to, value);
    }

    @Override
    public boolean reserve(long wantedBytes) {
        if (wantedBytes > reservableBytes - reservedBytes) {
            return false;
        }
        reservedBytes += wantedBytes;
        return true;
    }

    @Override
    public void release(long givenBytes) {
        reservedBytes -= givenBytes;
        if (reservedBytes < 0) {
            throw new IllegalStateException("more was given back than was taken");
        }
    }
}
