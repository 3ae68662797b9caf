package io.runnel.exec.wasm;

import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;

/**
 * What the two forms of compiled code do differently, in the form for calls that run long: stores
 * leave no mark, so the whole memory is brought back after the call; and functions look for an
 * interrupt in a field that {@link InterruptWatch} sets.
 */
public final class UnmarkedAccess {
    private UnmarkedAccess() {}

    /** i32.store8, i64.store8. */
    public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
        MemoryAccess.memoryWriteByteNear(base, value, offset, memory);
    }

    /** i32.store16, i64.store16. */
    public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
        MemoryAccess.memoryWriteShortNear(base, value, offset, memory);
    }

    /** i32.store, i64.store32. */
    public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
        MemoryAccess.memoryWriteIntNear(base, value, offset, memory);
    }

    /** i64.store. */
    public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
        MemoryAccess.memoryWriteLongNear(base, value, offset, memory);
    }

    /** f32.store. */
    public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
        MemoryAccess.memoryWriteFloatNear(base, value, offset, memory);
    }

    /** f64.store. */
    public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
        MemoryAccess.memoryWriteDoubleNear(base, value, offset, memory);
    }

    /**
     * Where a function begins: ends the guest if it was told to stop. A plain read, which HotSpot
     * may do once for what it compiles as one. Whatever recurses for long passes from one compiled
     * method to another, which reads it again; loops look for an interrupt themselves.
     */
    public static void heedCall(Memory memory) {
        if (((GuestMemory) memory).isStopped()) {
            throw new WasmInterruptedException("Thread interrupted");
        }
    }
}
