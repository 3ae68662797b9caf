package io.runnel.exec.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells guests whose code leaves no marks that their thread is interrupted, by a field of their
 * memory: to look there costs HotSpot less than the thread's own ({@link UnmarkedAccess}). One
 * thread looks {@value #LOOK_MILLIS} ms after the last time while such guests run; it ends when
 * none has run for a while. Safe for any thread.
 */
final class InterruptWatch {
    static final long LOOK_MILLIS = 5;

    private static final long IDLE_MILLIS = 2_000;

    private record Run(Thread thread, GuestMemory memory) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition begun = lock.newCondition();

    // Guarded by the lock.
    private final List<Run> runs = new ArrayList<>();
    private Optional<Thread> watcher = Optional.empty();

    /** A guest begins to run on this thread; {@link #leave} follows. */
    void enter(GuestMemory memory) {
        lock.lock();
        try {
            runs.add(new Run(Thread.currentThread(), memory));
            if (watcher.isEmpty()) {
                watcher =
                        Optional.of(
                                Thread.ofPlatform().daemon().name("wasm-watch").start(this::watch));
            } else if (runs.size() == 1) {
                begun.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** It is over: from now on it is told nothing. */
    @SuppressWarnings("ReferenceEquality") // The very same memory.
    void leave(GuestMemory memory) {
        lock.lock();
        try {
            runs.removeIf(run -> run.memory() == memory);
            memory.stop(false);
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        lock.lock();
        try {
            while (hasRuns()) {
                for (Run run : runs) {
                    if (run.thread().isInterrupted()) {
                        run.memory().stop(true);
                    }
                }
                await(LOOK_MILLIS);
            }
        } finally {
            watcher = Optional.empty();
            lock.unlock();
        }
    }

    /** Waits for one for a while. */
    private boolean hasRuns() {
        if (runs.isEmpty()) {
            await(IDLE_MILLIS);
        }
        return !runs.isEmpty();
    }

    @SuppressWarnings("WaitNotInLoop") // Those who call it look again.
    private void await(long millis) {
        try {
            var unused = begun.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts it, and it has nothing to give up.
        }
    }
}
