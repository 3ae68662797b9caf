package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import run.endive.runtime.TrapException;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.PassiveDataSegment;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

class GuestMemoryTest {
    private static final int PAGE = 1 << 16;

    @Test
    void everyAccessIsWithinBounds() {
        var memory = new GuestMemory(1, 10);
        for (int bad : new int[] {PAGE, PAGE - 1, -1, -4, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThrows(TrapException.class, () -> memory.readShort(bad), "" + bad);
            assertThrows(TrapException.class, () -> memory.readInt(bad), "" + bad);
            assertThrows(TrapException.class, () -> memory.writeLong(bad, 1), "" + bad);
            assertThrows(TrapException.class, () -> memory.copy(bad, 0, 2), "" + bad);
            assertThrows(TrapException.class, () -> memory.copy(0, bad, 2), "" + bad);
            assertThrows(TrapException.class, () -> memory.fill((byte) 1, bad, bad + 2), "" + bad);
        }
        assertThrows(TrapException.class, () -> memory.copy(0, 0, -1));
        memory.writeLong(PAGE - 8, -1L);
        assertEquals(-1, memory.readInt(PAGE - 4));
    }

    @Test
    void itIsJustAsLongAsTheGuestsUntilMuchWasCopied() {
        var memory = new GuestMemory(160, 1000);
        assertEquals(160, memory.grow(1));
        assertEquals(161 * PAGE, memory.capacityBytes());
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> MemoryAccess.memoryReadInt(161 * PAGE - 3, 0, memory));
    }

    @Test
    void roomThatWasTakenAheadIsNotTheGuests() {
        var memory = new GuestMemory(160, 1000);
        memory.grow(1);
        assertEquals(161, memory.grow(1));
        assertEquals(162, memory.pages());
        assertTrue(memory.capacityBytes() > 162 * PAGE, "it grows ahead");
        assertThrows(TrapException.class, () -> memory.read(162 * PAGE));
        assertThrows(
                TrapException.class, () -> MemoryAccess.memoryReadInt(162 * PAGE - 3, 0, memory));
        assertThrows(
                TrapException.class,
                () -> MarkedAccess.memoryWriteByte(162 * PAGE - 9, (byte) 1, 9, memory));
        assertEquals(0, MemoryAccess.memoryReadInt(162 * PAGE - 4, 0, memory));
    }

    @Test
    void growStopsAtEachLimit() {
        var memory = new GuestMemory(1, 10);
        memory.begin(TestCalls.none(), 3L * PAGE);
        assertEquals(1, memory.grow(2));
        assertFalse(memory.growRefused());
        assertEquals(-1, memory.grow(1));
        assertTrue(memory.growRefused());
        memory.restore(MemoryImage.zero(1));
        memory.begin(TestCalls.none(), 1000L * PAGE);
        assertFalse(memory.growRefused());
        assertEquals(-1, memory.grow(10));
        assertEquals(-1, memory.grow(-1));
        assertEquals(-1, memory.grow(Integer.MAX_VALUE));
        assertEquals(1, memory.grow(9));
    }

    /** Any writes, of any kind: what is brought back is the image, whatever was written. */
    @Test
    void whateverWasWrittenIsBroughtBack() {
        whateverWasWrittenIsBroughtBack(true);
    }

    @Test
    void whateverWasWrittenWithoutMarksIsBroughtBack() {
        whateverWasWrittenIsBroughtBack(false);
    }

    private static void whateverWasWrittenIsBroughtBack(boolean marks) {
        long seed = new SecureRandom().nextLong();
        var random = new Random(seed);
        var image = image(random);
        var memory = new GuestMemory(image, 40);
        memory.initialize(null, segments());
        if (!marks) {
            memory.expectNoMarks();
        }
        for (int call = 0; call < 200; call++) {
            memory.begin(TestCalls.none(), 40L * PAGE);
            for (int i = random.nextInt(40); i > 0; i--) {
                if (marks || random.nextBoolean()) {
                    write(memory, random);
                } else {
                    UnmarkedAccess.memoryWriteLong(
                            random.nextInt(memory.pages() * PAGE - 7), -1, 0, memory);
                }
            }
            memory.end();
            memory.restore(image);
            assertIsImage(memory, image, "seed " + seed + ", call " + call);
        }
    }

    private static MemoryImage image(Random random) {
        byte[] bytes = new byte[3 * PAGE + 1234];
        random.nextBytes(bytes);
        var dropped = new BitSet();
        dropped.set(1);
        return new MemoryImage(bytes, 5, dropped);
    }

    private static DataSegment[] segments() {
        var segments = new DataSegment[4];
        Arrays.setAll(segments, i -> new PassiveDataSegment(new byte[] {(byte) i}));
        segments[1] = PassiveDataSegment.EMPTY;
        return segments;
    }

    private static void write(GuestMemory memory, Random random) {
        int size = memory.pages() * PAGE;
        int address = 1 + random.nextInt(size - 301);
        // Also at the borders of what is tracked.
        if (random.nextBoolean()) {
            address = Math.min((address & -4096) + 4096 - random.nextInt(8), size - 300);
        }
        int length = random.nextInt(300);
        switch (random.nextInt(18)) {
            case 0 -> memory.writeByte(address, (byte) 1);
            case 1 -> memory.writeShort(address, (short) -1);
            case 2 -> memory.writeI32(address, -1);
            case 3 -> memory.writeLong(address, -1);
            case 4 -> memory.writeF32(address, Float.NaN);
            case 5 -> memory.writeF64(address, Double.NaN);
            case 6 -> memory.fill((byte) 7, address, address + length);
            case 7 -> memory.copy(address, random.nextInt(size - 300), length);
            case 8 -> memory.write(address, new byte[300], 1, length - length / 5);
            case 9 -> memory.grow(random.nextInt(4));
            case 10 ->
                    Arrays.fill(memory.arrayForWriting(address, 4), address, address + 4, (byte) 9);
            case 11 -> MarkedAccess.memoryWriteByte(address, (byte) 1, 0, memory);
            case 12 -> MarkedAccess.memoryWriteShort(address - 1, (short) 1, 1, memory);
            case 13 -> MarkedAccess.memoryWriteInt(address, -1, 0, memory);
            case 14 -> MarkedAccess.memoryWriteLong(0, -1L, address, memory);
            case 15 -> MarkedAccess.memoryWriteFloat(address, 1f, 0, memory);
            case 16 -> MarkedAccess.memoryWriteDouble(address, 1d, 0, memory);
            default -> memory.drop(random.nextInt(4));
        }
    }

    private static void assertIsImage(GuestMemory memory, MemoryImage image, String when) {
        assertEquals(image.pages(), memory.pages(), when);
        byte[] found = memory.readBytes(0, image.pages() * PAGE);
        assertArrayEquals(Arrays.copyOf(image.bytes(), found.length), found, when);
        assertEquals(image.dropped(), memory.snapshot().dropped(), when);
        // What it grows by is zero again, too.
        memory.begin(TestCalls.none(), 40L * PAGE);
        int grown = memory.grow(8);
        assertEquals(image.pages(), grown, when);
        assertArrayEquals(new byte[8 * PAGE], memory.readBytes(grown * PAGE, 8 * PAGE), when);
        memory.restore(image);
    }

    @Test
    void whatACallGrewIsGivenBack() {
        var image = MemoryImage.zero(1);
        var memory = new GuestMemory(image, 1000);
        memory.begin(TestCalls.none(), 1000L * PAGE);
        memory.grow(500);
        memory.writeI32(400 * PAGE, 42);
        memory.restore(image);
        assertEquals(PAGE, memory.capacityBytes());
        memory.grow(5);
        memory.restore(image);
        assertTrue(memory.capacityBytes() >= 6 * PAGE, "a little is kept for the next call");
        memory.grow(500);
        assertEquals(0, memory.readInt(400 * PAGE));
    }

    @Test
    void anotherImageTakesItsPlace() {
        var memory = new GuestMemory(MemoryImage.zero(2), 10);
        memory.writeI32(100, 42);
        MemoryImage later = memory.snapshot();
        memory.restore(MemoryImage.zero(2));
        assertEquals(0, memory.readInt(100));
        memory.restore(later);
        assertEquals(42, memory.readInt(100));
        assertEquals(101, later.bytes().length);
    }
}
