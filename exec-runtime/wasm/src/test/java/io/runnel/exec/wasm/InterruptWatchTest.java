package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Guests are memories here that nothing runs in. */
class InterruptWatchTest {
    private final InterruptWatch watch = new InterruptWatch();
    private final GuestMemory memory = memory();

    private static GuestMemory memory() {
        try {
            return CompiledGuest.ofFunction(PeepholeTest.recursion(0), false).instance().memory();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Whether this thread's guest is told within a time that only a lost word exceeds. */
    private boolean isTold() {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!memory.isStopped() && System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(100_000);
        }
        return memory.isStopped();
    }

    private void interrupted() {
        watch.enter(memory);
        Thread.currentThread().interrupt();
        try {
            assertTrue(isTold());
        } finally {
            watch.leave(memory);
            Thread.interrupted();
        }
    }

    @Test
    void aGuestIsToldAndTheNextIsNot() {
        for (int i = 0; i < 20; i++) {
            interrupted();
            assertFalse(memory.isStopped(), "the next guest in this memory");
        }
    }

    @Test
    void whoBeginsWhileNobodyLooksIsToldToo() {
        interrupted();
        // Past the looks in vain it waits to be woken.
        for (int pause : new int[] {1, 60, 130}) {
            awaitPast(TimeUnit.MILLISECONDS.toNanos(pause));
            interrupted();
        }
    }

    private static void awaitPast(long nanos) {
        long endNanos = System.nanoTime() + nanos;
        while (System.nanoTime() - endNanos < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void guestsOnManyThreadsAreToldEachOnItsOwn() throws Exception {
        GuestMemory other = memory();
        CompletableFuture<Boolean> wasTold = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread calm =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    watch.enter(other);
                                    begun.complete(null);
                                    over.join();
                                    wasTold.complete(other.isStopped());
                                    watch.leave(other);
                                });
        begun.get(20, TimeUnit.SECONDS);
        interrupted();
        over.complete(null);
        assertFalse(wasTold.get(20, TimeUnit.SECONDS));
        calm.join();
    }
}
