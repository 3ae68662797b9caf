package io.runnel.exec.wasi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in arrays, as WebAssembly and archives have them. */
final class LittleEndian {
    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);

    private LittleEndian() {}

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    static int u16(byte[] from, int at) {
        return (short) SHORTS.get(from, at) & 0xFFFF;
    }

    static int i32(byte[] from, int at) {
        return (int) INTS.get(from, at);
    }

    static long i64(byte[] from, int at) {
        return (long) LONGS.get(from, at);
    }

    static void putI32(byte[] into, int at, int value) {
        INTS.set(into, at, value);
    }

    static void putI64(byte[] into, int at, long value) {
        LONGS.set(into, at, value);
    }
}
