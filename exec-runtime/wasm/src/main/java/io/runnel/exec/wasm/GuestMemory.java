package io.runnel.exec.wasm;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.WasiMemory;

import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;

import java.util.Arrays;
import java.util.Optional;

/**
 * The linear memory of one instance: one array, used up to {@link #sizeBytes}, never more than the
 * running call's limit. Its own class instead of the library's for four reasons: a grow can be
 * refused by the limit of the call and is remembered; copying within it takes no memory besides;
 * one array is faster than pages (about a fifth, in a mix of sieve, checksum, sort and matrix); and
 * it knows where it was written, so that only this is brought back to an image.
 *
 * <p>Each write marks the page where it begins, ranges all of theirs: {@link DirtyPages}.
 *
 * <p>The host functions find the running call here. One thread.
 */
final class GuestMemory extends UnsharedMemory implements WasiMemory {
    /** The most that any task may have: 1 GiB. */
    static final int MOST_PAGES = 16384;

    /** What a call may leave grown for the next one; with more, the array is given back. */
    static final int MOST_SPARE_BYTES = 1 << 20;

    /** What segments may fill, from the first to the last byte: all instances begin with it. */
    static final ByteSize MOST_FILLED = ByteSize.ofMiB(64);

    /** What grows of one call may copy before the array gets spare room. */
    private static final long MOST_COPIED_BYTES = 16 << 20;

    /** Beyond that, a range is not begun by a thread that is interrupted. */
    private static final int LONG_RANGE_BYTES = 64 << 10;

    private static final int PAGE_SHIFT = 16;

    private final int declaredPages;
    private MemoryImage image;
    private byte[] bytes;
    private byte[] dirty = DirtyPages.NONE;
    private int sizeBytes;

    /** Whether the array is not just as long as the memory. */
    private boolean spare;

    /** Whether compiled code leaves no marks: then all of it is brought back. */
    private boolean unmarked;

    /** Set by another thread, read without a barrier. */
    private boolean stopped;

    private GlobalInstance[] globals = {};
    private long copiedBytes;
    private int limitPages;
    private long callLimitBytes;
    private long reservedBytes;
    private boolean growRefused;
    private boolean hostCalled;
    private DataSegments segments = new DataSegments(new DataSegment[0]);
    private Optional<GuestCall> call = Optional.empty();

    /**
     * Memory of the initial size, all zero.
     *
     * @param declaredPages what the module itself names as the most
     */
    GuestMemory(int initialPages, int declaredPages) {
        this(MemoryImage.zero(initialPages), declaredPages);
    }

    /** Memory that is as the image says. */
    GuestMemory(MemoryImage image, int declaredPages) {
        this(image, declaredPages, image.pages() << PAGE_SHIFT);
    }

    private GuestMemory(MemoryImage image, int declaredPages, int capacityBytes) {
        this.declaredPages = Math.min(declaredPages, MOST_PAGES);
        this.limitPages = this.declaredPages;
        this.callLimitBytes = (long) MOST_PAGES << PAGE_SHIFT;
        this.image = image;
        this.sizeBytes = image.pages() << PAGE_SHIFT;
        take(Arrays.copyOf(image.bytes(), capacityBytes));
    }

    /**
     * Memory only to be filled from segments and to have its image taken: of the host's memory it
     * takes no more than these reach.
     */
    static GuestMemory toFill(MemoryLimits limits) {
        return new GuestMemory(MemoryImage.zero(limits.initialPages()), limits.maximumPages(), 0);
    }

    private void take(byte[] array) {
        bytes = array;
        dirty = DirtyPages.forSize(array.length, dirty);
        spare = bytes.length != sizeBytes;
    }

    private void resize(int newSizeBytes) {
        sizeBytes = newSizeBytes;
        spare = bytes.length != sizeBytes;
    }

    /** The instance's: compiled code reaches them by its memory. */
    void setGlobals(GlobalInstance[] all) {
        globals = all;
    }

    GlobalInstance global(int index) {
        return globals[index];
    }

    /** From now on what is written may have no mark. */
    void expectNoMarks() {
        unmarked = true;
    }

    /** Tells code that leaves no marks to end, or that this is over. */
    void stop(boolean now) {
        stopped = now;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Begins a call with this limit. */
    void begin(GuestCall running, long limitBytes) {
        call = Optional.of(running);
        growRefused = false;
        hostCalled = false;
        callLimitBytes = limitBytes;
        reservedBytes = 0;
        limitPages = (int) Math.min(declaredPages, limitBytes >> PAGE_SHIFT);
    }

    /** Ends the call, and what it has under way. */
    void end() {
        call.ifPresent(GuestCall::end);
        call = Optional.empty();
    }

    /** What it is now, for other instances of the module. */
    MemoryImage snapshot() {
        int used = Math.min(sizeBytes, bytes.length);
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return new MemoryImage(
                Arrays.copyOf(bytes, used), sizeBytes >>> PAGE_SHIFT, segments.dropped());
    }

    /**
     * Brings everything back to an image: only what was written since, if it came from this image
     * before and has marks.
     */
    @SuppressWarnings("ReferenceEquality") // The very same one, which it was made of.
    void restore(MemoryImage wanted) {
        int size = wanted.pages() << PAGE_SHIFT;
        if (wanted != image || bytes.length > size + MOST_SPARE_BYTES || bytes.length < size) {
            dirty = DirtyPages.NONE;
            take(Arrays.copyOf(wanted.bytes(), size));
            image = wanted;
        } else if (unmarked) {
            DirtyPages.bringBackAll(bytes, image.bytes());
        } else {
            DirtyPages.bringBack(dirty, bytes, image.bytes());
        }
        resize(size);
        copiedBytes = 0;
        segments.restore(wanted.dropped());
    }

    @Override
    public GuestCall call() {
        hostCalled = true;
        return call.orElseThrow();
    }

    /** What it keeps of the host's memory. */
    int capacityBytes() {
        return bytes.length;
    }

    /** What it keeps of the host's memory, with the marks of what was written. */
    long heldBytes() {
        return (long) bytes.length + dirty.length;
    }

    /** Whether the guest asked in vain for more in this call. */
    boolean growRefused() {
        return growRefused;
    }

    /** Whether a host function ran in this call: then what is here may depend on the call. */
    boolean hostCalled() {
        return hostCalled;
    }

    @Override
    public byte[] array() {
        return bytes;
    }

    @Override
    public byte[] arrayForWriting(int address, int length) {
        DirtyPages.mark(dirty, address, length);
        return bytes;
    }

    @Override
    public boolean reserve(long wantedBytes) {
        if (wantedBytes > callLimitBytes - sizeBytes - reservedBytes) {
            return false;
        }
        reservedBytes += wantedBytes;
        return true;
    }

    @Override
    public void release(long givenBytes) {
        reservedBytes -= givenBytes;
    }

    @Override
    public boolean contains(int address, int length) {
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
        if (length > LONG_RANGE_BYTES) {
            MemoryAccess.heedInterrupt();
        }
    }

    @Override
    public int pages() {
        return sizeBytes >>> PAGE_SHIFT;
    }

    @Override
    public int grow(int delta) {
        int before = pages();
        if (delta < 0 || delta > growLimitPages() - before) {
            growRefused = true;
            return -1;
        }
        int wantedBytes = (before + delta) << PAGE_SHIFT;
        if (wantedBytes > bytes.length && !extend(wantedBytes)) {
            growRefused = true;
            return -1;
        }
        resize(wantedBytes);
        return before;
    }

    /** The module's limit, and what the host does not keep for the guest of the call's. */
    private int growLimitPages() {
        return (int) Math.min(limitPages, (callLimitBytes - reservedBytes) >> PAGE_SHIFT);
    }

    /**
     * Just as much as is wanted, since compiled code is faster without spare room; twice as much
     * each time once much was copied, so that many small grows cost no more than one large.
     */
    private boolean extend(int wantedBytes) {
        int limitBytes = growLimitPages() << PAGE_SHIFT;
        copiedBytes += bytes.length;
        long roomy = copiedBytes <= MOST_COPIED_BYTES ? wantedBytes : 2L * bytes.length;
        int capacity = (int) Math.min(limitBytes, Math.max(wantedBytes, roomy));
        try {
            take(Arrays.copyOf(bytes, capacity));
            return true;
        } catch (OutOfMemoryError e) {
            // One large array that does not fit harms nobody else; the guest hears no.
            return false;
        }
    }

    @Override
    public int initialPages() {
        return image.pages();
    }

    @Override
    public int maximumPages() {
        return limitPages;
    }

    @Override
    public boolean shared() {
        return false;
    }

    /** Applies the active segments, which are dropped by that. */
    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        segments = new DataSegments(dataSegments);
        for (int i = 0; i < segments.count(); i++) {
            if (segments.get(i) instanceof ActiveDataSegment active) {
                long[] at =
                        ConstantEvaluators.computeConstantValue(
                                instance, active.offsetInstructions());
                fill((int) at[0], active.data());
                segments.drop(i);
            }
        }
    }

    private void fill(int address, byte[] data) {
        checkRange(address, data.length);
        int end = address + data.length;
        if (end > MOST_FILLED.bytes()) {
            throw new TrapException(
                    "data may reach up to %s, and reaches %d bytes".formatted(MOST_FILLED, end));
        }
        if (end > bytes.length) {
            take(Arrays.copyOf(bytes, (int) Math.min(sizeBytes, Math.max(end, 2L * bytes.length))));
        }
        write(address, data, 0, data.length);
    }

    @Override
    public void initPassiveSegment(int segment, int address, int offset, int length) {
        write(address, segments.get(segment).data(), offset, length);
    }

    @Override
    public void drop(int segment) {
        segments.drop(segment);
    }

    @Override
    public void zero() {
        // It is; called by the instance before it initializes.
    }

    @Override
    public void fill(byte value, int from, int to) {
        if (from < 0 || from > to) {
            throw outOfBounds();
        }
        checkRange(from, to - from);
        DirtyPages.mark(dirty, from, to - from);
        Arrays.fill(bytes, from, to, value);
    }

    @Override
    public void copy(int to, int from, int length) {
        checkRange(to, length);
        checkRange(from, length);
        DirtyPages.mark(dirty, to, length);
        System.arraycopy(bytes, from, bytes, to, length);
    }

    @Override
    public void write(int address, byte[] data, int offset, int length) {
        checkRange(address, length);
        if (offset < 0 || length > data.length - offset) {
            throw outOfBounds();
        }
        DirtyPages.mark(dirty, address, length);
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
        dirty[address >>> DirtyPages.SHIFT] = 1;
        bytes[address] = value;
    }

    @Override
    public short readShort(int address) {
        check(address, 2);
        return (short) LittleEndian.SHORTS.get(bytes, address);
    }

    @Override
    public void writeShort(int address, short value) {
        check(address, 2);
        dirty[address >>> DirtyPages.SHIFT] = 1;
        LittleEndian.SHORTS.set(bytes, address, value);
    }

    @Override
    public long readU16(int address) {
        return readShort(address) & 0xFFFF;
    }

    @Override
    public int readInt(int address) {
        check(address, 4);
        return (int) LittleEndian.INTS.get(bytes, address);
    }

    @Override
    public void writeI32(int address, int value) {
        check(address, 4);
        dirty[address >>> DirtyPages.SHIFT] = 1;
        LittleEndian.INTS.set(bytes, address, value);
    }

    @Override
    public long readLong(int address) {
        check(address, 8);
        return (long) LittleEndian.LONGS.get(bytes, address);
    }

    @Override
    public void writeLong(int address, long value) {
        check(address, 8);
        dirty[address >>> DirtyPages.SHIFT] = 1;
        LittleEndian.LONGS.set(bytes, address, value);
    }

    @Override
    public float readFloat(int address) {
        check(address, 4);
        return (float) LittleEndian.FLOATS.get(bytes, address);
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public void writeF32(int address, float value) {
        check(address, 4);
        dirty[address >>> DirtyPages.SHIFT] = 1;
        LittleEndian.FLOATS.set(bytes, address, value);
    }

    @Override
    public double readDouble(int address) {
        check(address, 8);
        return (double) LittleEndian.DOUBLES.get(bytes, address);
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public void writeF64(int address, double value) {
        check(address, 8);
        dirty[address >>> DirtyPages.SHIFT] = 1;
        LittleEndian.DOUBLES.set(bytes, address, value);
    }

    /** The address that compiled code names. The array's own check is left to be done. */
    int address(int base, int offset, int width) {
        int address = base + offset;
        if ((offset != 0 && (base | offset) < 0) || (spare && address > sizeBytes - width)) {
            throw outOfBounds();
        }
        return address;
    }

    /** Marks what an access of compiled code writes. */
    void mark(int address) {
        dirty[address >>> DirtyPages.SHIFT] = 1;
    }
}
