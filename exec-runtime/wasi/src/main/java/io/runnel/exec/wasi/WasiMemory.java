package io.runnel.exec.wasi;

/**
 * The memory of a guest, as host functions see it. Its engine implements it.
 *
 * <ol>
 *   <li>Addresses and lengths are unsigned numbers of 32 bits, whoever made them. The host asks
 *       {@link #contains} before it reads or writes; what it does outside of that throws some
 *       exception and harms nothing.
 *   <li>Numbers of more than a byte are little-endian and may lie at any address.
 *   <li>It does not change its size while a host function runs.
 *   <li>One thread.
 * </ol>
 */
public interface WasiMemory {
    /** The call that runs in it. */
    GuestCall call();

    /** Whether the guest has all of these bytes. */
    boolean contains(int address, int length);

    /** The bytes themselves, to be read within {@link #contains}; an address is an index. */
    byte[] array();

    /**
     * The bytes themselves, of which the caller may write these before it does anything else with
     * the memory. Whoever keeps book of what a guest changed hears of it here.
     */
    byte[] arrayForWriting(int address, int length);

    byte read(int address);

    short readShort(int address);

    int readInt(int address);

    long readLong(int address);

    void writeByte(int address, byte value);

    void writeShort(int address, short value);

    void writeI32(int address, int value);

    void writeLong(int address, long value);

    /** Writes a part of the array. */
    void write(int address, byte[] data, int offset, int length);

    /** Sets every byte from one address to before another. */
    void fill(byte value, int from, int to);

    /**
     * Takes some of the call's memory for what the host keeps for the guest: the guest's own can
     * grow by so much less. It is given back by {@link #release}, or by the end of the call.
     *
     * @return false if there is not so much left
     */
    boolean reserve(long bytes);

    /** Gives back what was reserved. */
    void release(long bytes);
}
