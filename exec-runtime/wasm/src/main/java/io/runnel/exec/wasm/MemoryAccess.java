package io.runnel.exec.wasm;

import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;

/**
 * Loads, and stores that leave no mark, as compiled code calls them, in place of the compiler's
 * own. Public because that code is loaded by a class loader of its own.
 *
 * <p>An address is the sum of two numbers without signs; {@code base} is the guest's, {@code
 * offset} a constant of the instruction. What lies beyond the memory traps, or throws {@link
 * IndexOutOfBoundsException}, which {@link GuestInstance} takes for the same.
 */
public final class MemoryAccess {
    private static final int MOST_TURNS = 1024;

    private MemoryAccess() {}

    /** i32.load8, i64.load8. */
    public static byte memoryReadByte(int base, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        return m.array()[m.address(base, offset, 1)];
    }

    /** i32.load16, i64.load16. */
    public static short memoryReadShort(int base, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        return (short) LittleEndian.SHORTS.get(m.array(), m.address(base, offset, 2));
    }

    /** i32.load, i64.load32. */
    public static int memoryReadInt(int base, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        return (int) LittleEndian.INTS.get(m.array(), m.address(base, offset, 4));
    }

    /** i64.load. */
    public static long memoryReadLong(int base, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        return (long) LittleEndian.LONGS.get(m.array(), m.address(base, offset, 8));
    }

    /** f32.load. */
    public static float memoryReadFloat(int base, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        return (float) LittleEndian.FLOATS.get(m.array(), m.address(base, offset, 4));
    }

    /** f64.load. */
    public static double memoryReadDouble(int base, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        return (double) LittleEndian.DOUBLES.get(m.array(), m.address(base, offset, 8));
    }

    /** i32.store8, i64.store8, without a mark: see {@link MarkedAccess}. */
    public static void memoryWriteByteNear(int base, byte value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        m.array()[m.address(base, offset, 1)] = value;
    }

    /** i32.store16, i64.store16, without a mark: see {@link MarkedAccess}. */
    public static void memoryWriteShortNear(int base, short value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        LittleEndian.SHORTS.set(m.array(), m.address(base, offset, 2), value);
    }

    /** i32.store, i64.store32, without a mark: see {@link MarkedAccess}. */
    public static void memoryWriteIntNear(int base, int value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        LittleEndian.INTS.set(m.array(), m.address(base, offset, 4), value);
    }

    /** i64.store, without a mark: see {@link MarkedAccess}. */
    public static void memoryWriteLongNear(int base, long value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        LittleEndian.LONGS.set(m.array(), m.address(base, offset, 8), value);
    }

    /** f32.store, without a mark: see {@link MarkedAccess}. */
    public static void memoryWriteFloatNear(int base, float value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        LittleEndian.FLOATS.set(m.array(), m.address(base, offset, 4), value);
    }

    /** f64.store, without a mark: see {@link MarkedAccess}. */
    public static void memoryWriteDoubleNear(int base, double value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        LittleEndian.DOUBLES.set(m.array(), m.address(base, offset, 8), value);
    }

    /** global.get. */
    public static long readGlobal(int index, Memory memory) {
        return ((GuestMemory) memory).global(index).getValue();
    }

    /** global.set. */
    public static void writeGlobal(long value, int index, Memory memory) {
        ((GuestMemory) memory).global(index).setValue(value);
    }

    /**
     * How often a loop may go round before it asks whether its counter is at its limit, and looks
     * for an interrupt: not beyond the limit, and not too often.
     *
     * @param distance from the counter to the limit, without a sign
     * @param step what the counter nears the limit each time, at least 1
     * @return at least 1
     */
    public static int turns(int distance, int step) {
        long turns = Integer.toUnsignedLong(distance) / step;
        return (int) Math.max(1, Math.min(turns, MOST_TURNS));
    }

    /**
     * Ends the guest if its thread is interrupted.
     *
     * @throws WasmInterruptedException if it is
     */
    public static void heedInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new WasmInterruptedException("Thread interrupted");
        }
    }
}
