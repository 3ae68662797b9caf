package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class UnmarkedFormTest {
    private static final int PAGE = 1 << 16;

    /** Stores the second number at the first, grows by a page, and stores it one page further. */
    private static final ModuleBytes WRITES =
            bytes().raw(0, 0x20, 0, 0x20, 1, 0x36, 2, 0)
                    .raw(0x41, 1, 0x40, 0, 0x1A)
                    .raw(0x20, 0, 0x20, 1, 0x36, 2, 0x80, 0x80, 4)
                    .raw(0x20, 0, 0x28, 2, 0, 0x0B);

    @Test
    void allThatWasWrittenIsBroughtBackWithoutAMark() throws Exception {
        CompiledGuest guest = CompiledGuest.ofFunction(WRITES, false);
        GuestMemory memory = guest.instance().memory();
        for (int address = 0; address < PAGE; address += 1020) {
            assertEquals(-5, guest.apply(address, -5));
            assertEquals(2, memory.pages());
            assertEquals(-5, memory.readInt(address + PAGE));
            guest.instance().restore(guest.first());
            assertArrayEquals(new byte[PAGE], memory.readBytes(0, PAGE), "at " + address);
            assertEquals(1, memory.grow(1));
            assertArrayEquals(new byte[PAGE], memory.readBytes(PAGE, PAGE), "at " + address);
            guest.instance().restore(guest.first());
        }
    }

    @Test
    void storesBeyondTheMemoryTrap() throws Exception {
        CompiledGuest guest = CompiledGuest.ofFunction(WRITES, false);
        for (int address : new int[] {-1, PAGE - 3, PAGE, Integer.MIN_VALUE}) {
            assertThrows(WasmEngineException.class, () -> guest.apply(address, 1));
        }
    }

    @Test
    void aRecursionThatNeverEndsHeedsAnInterrupt() throws Exception {
        CompiledGuest guest = CompiledGuest.ofFunction(PeepholeTest.recursion(0), false);
        GuestMemory memory = guest.instance().memory();
        var watch = new InterruptWatch();
        var end = new CompletableFuture<Throwable>();
        var begun = new CompletableFuture<Void>();
        Thread thread =
                new Thread(
                        () -> {
                            watch.enter(memory);
                            begun.complete(null);
                            try {
                                end.complete(
                                        assertThrows(
                                                RuntimeException.class, () -> guest.apply(60, 0)));
                            } finally {
                                watch.leave(memory);
                            }
                        });
        thread.setDaemon(true);
        thread.start();
        begun.get(30, TimeUnit.SECONDS);
        thread.interrupt();
        assertInstanceOf(WasmInterruptedException.class, end.get(30, TimeUnit.SECONDS));
        assertFalse(join(thread).isAlive());
        assertFalse(memory.isStopped(), "the next call is not told");
        assertEquals((1 << 11) - 1, guest.apply(10, 0));
    }

    private static Thread join(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(30));
        return thread;
    }
}
