package io.runnel.exec.wasm;

import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.PassiveDataSegment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The linear memory of one instance: one array, used up to {@link #sizeBytes}, never more than the
 * running call's limit. Its own class instead of the library's for three reasons: a grow can be
 * refused by the limit of the call and is remembered; copying within it takes no memory besides;
 * and one array is faster than pages (about a fifth, in a mix of sieve, checksum, sort and matrix).
 *
 * <p>The host functions find the running call here. One thread.
 */
@SuppressWarnings("removal") // The interface still demands the deprecated ones for threads.
final class GuestMemory implements Memory {
    /** The most that any task may have: 1 GiB. */
    static final int MOST_PAGES = 16384;

    private static final int PAGE_SHIFT = 16;
    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);
    private static final VarHandle FLOATS = view(float[].class);
    private static final VarHandle DOUBLES = view(double[].class);

    private final int initialPages;
    private final int declaredPages;
    private byte[] bytes;
    private int sizeBytes;
    private int limitPages;
    private boolean growRefused;
    private DataSegment[] segments = {};
    private DataSegment[] segmentsAtFirst = {};
    private Optional<GuestCall> call = Optional.empty();

    /**
     * Memory of the initial size, all zero.
     *
     * @param declaredPages what the module itself names as the most
     */
    GuestMemory(int initialPages, int declaredPages) {
        this.initialPages = initialPages;
        this.declaredPages = Math.min(declaredPages, MOST_PAGES);
        this.limitPages = this.declaredPages;
        this.sizeBytes = initialPages << PAGE_SHIFT;
        this.bytes = new byte[sizeBytes];
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins a call: as it was at first, with the call's limit. */
    void begin(GuestCall running, long limitBytes) {
        call = Optional.of(running);
        growRefused = false;
        limitPages = (int) Math.min(declaredPages, limitBytes >> PAGE_SHIFT);
        Arrays.fill(bytes, 0, sizeBytes, (byte) 0);
        sizeBytes = initialPages << PAGE_SHIFT;
    }

    /** Ends the call: nothing of it is kept but the bytes, which nobody can read any more. */
    void end() {
        call = Optional.empty();
    }

    /** The call that runs. */
    GuestCall call() {
        return call.orElseThrow();
    }

    /** What it keeps of the host's memory. */
    int capacityBytes() {
        return bytes.length;
    }

    /** Whether the guest asked in vain for more in this call. */
    boolean growRefused() {
        return growRefused;
    }

    /** The array itself, for streams to read from and write to within {@link #contains}. */
    byte[] array() {
        return bytes;
    }

    /** Whether these addresses, both unsigned, are in the memory. */
    boolean contains(int address, int length) {
        return Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length) <= sizeBytes;
    }

    private void check(int address, int length) {
        if (address < 0 || address > sizeBytes - length) {
            throw outOfBounds();
        }
    }

    /** Range of any size, as bulk instructions name it. */
    private void checkRange(int address, int length) {
        if (!contains(address, length)) {
            throw outOfBounds();
        }
    }

    // A constant text: this may happen where the stack is nearly full.
    private static TrapException outOfBounds() {
        return new TrapException("out of bounds memory access");
    }

    @Override
    public int pages() {
        return sizeBytes >>> PAGE_SHIFT;
    }

    @Override
    public int grow(int delta) {
        int before = pages();
        if (delta < 0 || delta > limitPages - before) {
            growRefused = true;
            return -1;
        }
        int wantedBytes = (before + delta) << PAGE_SHIFT;
        if (wantedBytes > bytes.length && !extend(wantedBytes)) {
            growRefused = true;
            return -1;
        }
        sizeBytes = wantedBytes;
        return before;
    }

    /** Twice as much each time, so that many small grows cost no more than one large. */
    private boolean extend(int wantedBytes) {
        int limitBytes = limitPages << PAGE_SHIFT;
        int capacity = (int) Math.min(limitBytes, Math.max(wantedBytes, 2L * bytes.length));
        try {
            bytes = Arrays.copyOf(bytes, capacity);
            return true;
        } catch (OutOfMemoryError e) {
            // One large array that does not fit harms nobody else; the guest hears no.
            return false;
        }
    }

    @Override
    public int initialPages() {
        return initialPages;
    }

    @Override
    public int maximumPages() {
        return limitPages;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        restore(dataSegments);
        for (DataSegment segment : segments) {
            if (segment instanceof ActiveDataSegment active) {
                long[] at =
                        ConstantEvaluators.computeConstantValue(
                                instance, active.offsetInstructions());
                write((int) at[0], active.data(), 0, active.data().length);
            }
        }
    }

    /** The array is the instance's own; a guest that drops a segment writes into it. */
    private void restore(DataSegment[] own) {
        if (segments == own) {
            System.arraycopy(segmentsAtFirst, 0, own, 0, own.length);
        } else {
            segments = own;
            segmentsAtFirst = own.clone();
        }
    }

    @Override
    public void initPassiveSegment(int segment, int address, int offset, int length) {
        write(address, segments[segment].data(), offset, length);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = PassiveDataSegment.EMPTY;
    }

    @Override
    public void zero() {
        // begin() has done it; called by the instance before it initializes.
    }

    @Override
    public void fill(byte value, int from, int to) {
        if (from < 0 || from > to || to > sizeBytes) {
            throw outOfBounds();
        }
        Arrays.fill(bytes, from, to, value);
    }

    @Override
    public void copy(int to, int from, int length) {
        checkRange(to, length);
        checkRange(from, length);
        System.arraycopy(bytes, from, bytes, to, length);
    }

    @Override
    public void write(int address, byte[] data, int offset, int length) {
        checkRange(address, length);
        if (offset < 0 || length > data.length - offset) {
            throw outOfBounds();
        }
        System.arraycopy(data, offset, bytes, address, length);
    }

    @Override
    public byte[] readBytes(int address, int length) {
        checkRange(address, length);
        return Arrays.copyOfRange(bytes, address, address + length);
    }

    @Override
    public byte read(int address) {
        check(address, 1);
        return bytes[address];
    }

    @Override
    public void writeByte(int address, byte value) {
        check(address, 1);
        bytes[address] = value;
    }

    @Override
    public short readShort(int address) {
        check(address, 2);
        return (short) SHORTS.get(bytes, address);
    }

    @Override
    public void writeShort(int address, short value) {
        check(address, 2);
        SHORTS.set(bytes, address, value);
    }

    @Override
    public long readU16(int address) {
        return readShort(address) & 0xFFFF;
    }

    @Override
    public int readInt(int address) {
        check(address, 4);
        return (int) INTS.get(bytes, address);
    }

    @Override
    public void writeI32(int address, int value) {
        check(address, 4);
        INTS.set(bytes, address, value);
    }

    @Override
    public long readLong(int address) {
        check(address, 8);
        return (long) LONGS.get(bytes, address);
    }

    @Override
    public void writeLong(int address, long value) {
        check(address, 8);
        LONGS.set(bytes, address, value);
    }

    @Override
    public float readFloat(int address) {
        check(address, 4);
        return (float) FLOATS.get(bytes, address);
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public void writeF32(int address, float value) {
        check(address, 4);
        FLOATS.set(bytes, address, value);
    }

    @Override
    public double readDouble(int address) {
        check(address, 8);
        return (double) DOUBLES.get(bytes, address);
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public void writeF64(int address, double value) {
        check(address, 8);
        DOUBLES.set(bytes, address, value);
    }

    // Atomic instructions are refused when a module is scanned.

    @Override
    public Object lock(int address) {
        throw new TrapException("atomic instruction");
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw new TrapException("atomic instruction");
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw new TrapException("atomic instruction");
    }

    @Override
    public int notify(int address, int maxThreads) {
        throw new TrapException("atomic instruction");
    }
}
