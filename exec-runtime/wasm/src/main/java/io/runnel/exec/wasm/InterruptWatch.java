package io.runnel.exec.wasm;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells guests whose code leaves no marks that their thread is interrupted, by a field of their
 * memory: to look there costs HotSpot less than the thread's own ({@link UnmarkedAccess}). One
 * thread looks {@value #LOOK_MILLIS} ms after the last time while such guests run; it ends when
 * none has run for a while. Guests begin and end without waiting for it or for each other. Safe for
 * any thread.
 */
final class InterruptWatch {
    static final long LOOK_MILLIS = 5;

    /** To be woken costs a guest more than these looks in vain cost a node. */
    private static final int IDLE_LOOKS = 20;

    private static final long IDLE_MILLIS = 2_000;

    /** A thread that runs guests, and the memory of the one that it runs. */
    private static final class Seat {
        private final Thread thread = Thread.currentThread();
        private volatile boolean wasUsed;

        // Written by its thread, with this held when a guest ends.
        private volatile Optional<GuestMemory> running = Optional.empty();

        /** A guest that has ended by now is told nothing, nor is the next one in its memory. */
        void tell() {
            if (running.isPresent() && thread.isInterrupted()) {
                synchronized (this) {
                    running.ifPresent(memory -> memory.stop(true));
                }
            }
        }

        synchronized void clear(GuestMemory memory) {
            running = Optional.empty();
            memory.stop(false);
        }
    }

    private final List<Seat> seats = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Seat> seat = ThreadLocal.withInitial(this::newSeat);

    /** Who looks; empty while nobody does. */
    private volatile Optional<Thread> watcher = Optional.empty();

    private volatile boolean asleep;

    private Seat newSeat() {
        Seat made = new Seat();
        seats.add(made);
        return made;
    }

    /** A guest begins to run on this thread; {@link #leave} follows. */
    void enter(GuestMemory memory) {
        Seat here = seat.get();
        here.running = Optional.of(memory);
        if (!here.wasUsed) {
            here.wasUsed = true;
        }
        Optional<Thread> looking = watcher;
        if (looking.isEmpty()) {
            ensureWatcher();
        } else if (asleep) {
            asleep = false;
            LockSupport.unpark(looking.get());
        }
    }

    /** It is over: from now on it is told nothing. */
    void leave(GuestMemory memory) {
        seat.get().clear(memory);
    }

    private synchronized void ensureWatcher() {
        if (watcher.isEmpty()) {
            asleep = false;
            Thread made = Thread.ofPlatform().daemon().name("wasm-watch").unstarted(this::watch);
            watcher = Optional.of(made);
            made.start();
        }
    }

    private void watch() {
        int idle = 0;
        while (idle <= IDLE_LOOKS) {
            idle = look() ? 0 : idle + 1;
            if (idle < IDLE_LOOKS) {
                park(LOOK_MILLIS);
            } else if (idle == IDLE_LOOKS) {
                asleep = true;
                // Whoever began before that did not wake it.
                if (!look()) {
                    park(IDLE_MILLIS);
                }
                asleep = false;
            }
        }
        watcher = Optional.empty();
        // Whoever began before that started no other.
        if (look()) {
            ensureWatcher();
        }
    }

    private void park(long millis) {
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Tells those who are to end; answers whether a guest ran since the last look. */
    private boolean look() {
        boolean used = false;
        seats.removeIf(each -> !each.thread.isAlive());
        for (Seat each : seats) {
            used |= each.wasUsed || each.running.isPresent();
            each.wasUsed = false;
            each.tell();
        }
        return used;
    }
}
