package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.WasiMemory;
import io.runnel.exec.wasi.WasiMemoryContract;

import org.junit.jupiter.api.Test;

class GuestMemoryAsWasiMemoryTest extends WasiMemoryContract {
    private static final int PAGE = 1 << 16;

    @Override
    protected WasiMemory memory(GuestCall call) {
        GuestMemory memory = new GuestMemory(SIZE >> 16, SIZE >> 16);
        memory.begin(call, SIZE + BESIDES);
        return memory;
    }

    @Test
    void whatTheHostReservesTheGuestCannotGrowInto() {
        GuestMemory memory = new GuestMemory(1, 100);
        memory.begin(TestCalls.none(), 4L * PAGE);
        assertTrue(memory.reserve(PAGE + 1));
        assertEquals(-1, memory.grow(2));
        assertTrue(memory.growRefused());
        assertEquals(1, memory.grow(1));
        assertFalse(memory.reserve(PAGE), "the guest has it");
        memory.release(PAGE + 1);
        assertEquals(2, memory.grow(2));
        assertFalse(memory.reserve(1));
        for (int i = 0; i < 2; i++) {
            memory.restore(MemoryImage.zero(1));
            memory.begin(TestCalls.none(), 4L * PAGE);
            assertTrue(memory.reserve(3L * PAGE), "a new call has all of it");
        }
    }
}
