package io.runnel.exec.wasm;

import run.endive.runtime.Memory;

/**
 * What the two forms of compiled code do differently, in the form that all begin with: stores leave
 * a mark of what they wrote ({@link DirtyPages}), and functions look for an interrupt themselves.
 * {@link UnmarkedAccess} has the same methods.
 */
public final class MarkedAccess {
    private MarkedAccess() {}

    /** i32.store8, i64.store8. */
    public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        int address = m.address(base, offset, 1);
        m.array()[address] = value;
        m.mark(address);
    }

    /** i32.store16, i64.store16. */
    public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        int address = m.address(base, offset, 2);
        LittleEndian.SHORTS.set(m.array(), address, value);
        m.mark(address);
    }

    /** i32.store, i64.store32. */
    public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        int address = m.address(base, offset, 4);
        LittleEndian.INTS.set(m.array(), address, value);
        m.mark(address);
    }

    /** i64.store. */
    public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        int address = m.address(base, offset, 8);
        LittleEndian.LONGS.set(m.array(), address, value);
        m.mark(address);
    }

    /** f32.store. */
    public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        int address = m.address(base, offset, 4);
        LittleEndian.FLOATS.set(m.array(), address, value);
        m.mark(address);
    }

    /** f64.store. */
    public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
        GuestMemory m = (GuestMemory) memory;
        int address = m.address(base, offset, 8);
        LittleEndian.DOUBLES.set(m.array(), address, value);
        m.mark(address);
    }

    /** Where a function begins: ends the guest if its thread is interrupted. */
    public static void heedCall(Memory memory) {
        MemoryAccess.heedInterrupt();
    }
}
