package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import run.endive.runtime.TrapException;

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
    void roomThatWasTakenAheadIsNotTheGuests() {
        var memory = new GuestMemory(4, 100);
        assertEquals(4, memory.grow(1));
        assertEquals(5, memory.pages());
        assertTrue(memory.capacityBytes() > 5 * PAGE, "it grows ahead");
        assertThrows(TrapException.class, () -> memory.read(5 * PAGE));
    }

    @Test
    void growStopsAtEachLimit() {
        var memory = new GuestMemory(1, 10);
        memory.begin(TestCalls.none(), 3L * PAGE);
        assertEquals(1, memory.grow(2));
        assertFalse(memory.growRefused());
        assertEquals(-1, memory.grow(1));
        assertTrue(memory.growRefused());
        memory.begin(TestCalls.none(), 1000L * PAGE);
        assertFalse(memory.growRefused());
        assertEquals(-1, memory.grow(10));
        assertEquals(-1, memory.grow(-1));
        assertEquals(-1, memory.grow(Integer.MAX_VALUE));
        assertEquals(1, memory.grow(9));
    }

    @Test
    void aNewCallFindsNothingOfTheOld() {
        var memory = new GuestMemory(1, 10);
        memory.begin(TestCalls.none(), 10L * PAGE);
        memory.grow(3);
        memory.writeI32(4 * PAGE - 4, 42);
        memory.writeI32(100, 42);
        memory.begin(TestCalls.none(), 10L * PAGE);
        assertEquals(1, memory.pages());
        assertEquals(0, memory.readInt(100));
        memory.grow(3);
        assertEquals(0, memory.readInt(4 * PAGE - 4));
    }
}
