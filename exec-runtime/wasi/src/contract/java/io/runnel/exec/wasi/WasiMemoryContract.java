package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** What every {@link WasiMemory} keeps, the engine's and the tests' own. */
public abstract class WasiMemoryContract {
    /** The size of the memory under test: two pages. */
    protected static final int SIZE = 2 << 16;

    /** How much of the call's memory there is besides. */
    protected static final int BESIDES = 1 << 16;

    /**
     * Memory of {@link #SIZE} bytes, all zero, in which this call runs with {@link #BESIDES} bytes
     * of memory more.
     */
    protected abstract WasiMemory memory(GuestCall call);

    private final GuestCall call = WasiWarmUp.call();

    @Test
    void knowsItsCall() {
        assertSame(call, memory(call).call());
    }

    @Test
    void addressesAndLengthsAreUnsigned() {
        WasiMemory memory = memory(call);
        assertTrue(memory.contains(0, SIZE));
        assertTrue(memory.contains(SIZE, 0));
        assertTrue(memory.contains(SIZE - 8, 8));
        for (int[] bad :
                new int[][] {
                    {0, SIZE + 1}, {SIZE, 1}, {-1, 0}, {-1, 2}, {2, -1}, {-8, 8}, {8, -8}
                }) {
            assertFalse(memory.contains(bad[0], bad[1]), Arrays.toString(bad));
        }
    }

    @Test
    void numbersAreLittleEndianAtAnyAddress() {
        WasiMemory memory = memory(call);
        memory.writeLong(3, 0x1122334455667788L);
        assertEquals((byte) 0x88, memory.read(3));
        assertEquals((short) 0x6677, memory.readShort(4));
        assertEquals(0x33445566, memory.readInt(5));
        assertEquals(0x1122334455667788L, memory.readLong(3));
        memory.writeByte(3, (byte) 1);
        memory.writeShort(4, (short) 0x0203);
        memory.writeI32(7, 0x04050607);
        assertEquals(0x0405060755020301L, memory.readLong(3));
    }

    @Test
    void arraysAreWrittenInPart() {
        WasiMemory memory = memory(call);
        memory.write(SIZE - 2, new byte[] {1, 2, 3, 4}, 1, 2);
        assertEquals(2, memory.read(SIZE - 2));
        assertEquals(3, memory.read(SIZE - 1));
        memory.fill((byte) 7, 10, 12);
        assertArrayEquals(new byte[] {0, 7, 7, 0}, Arrays.copyOfRange(memory.array(), 9, 13));
    }

    @Test
    void itsBytesAreItsArray() {
        WasiMemory memory = memory(call);
        memory.arrayForWriting(SIZE - 1, 1)[SIZE - 1] = 9;
        assertEquals(9, memory.read(SIZE - 1));
        assertEquals(9, memory.array()[SIZE - 1]);
    }

    @Test
    void outsideOfItNothingIsHarmed() {
        WasiMemory memory = memory(call);
        assertThrows(RuntimeException.class, () -> memory.readInt(-4));
        assertThrows(RuntimeException.class, () -> memory.writeLong(Integer.MAX_VALUE, 1));
        assertThrows(RuntimeException.class, () -> memory.write(-1, new byte[8], 0, 8));
    }

    @Test
    void whatIsReservedIsBoundedAndComesBack() {
        WasiMemory memory = memory(call);
        assertTrue(memory.reserve(BESIDES));
        assertFalse(memory.reserve(1));
        memory.release(100);
        assertFalse(memory.reserve(101));
        assertTrue(memory.reserve(100));
        assertTrue(memory.reserve(0));
    }
}
