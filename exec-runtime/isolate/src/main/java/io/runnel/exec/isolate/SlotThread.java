package io.runnel.exec.isolate;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A platform thread that runs one call at a time, as {@link SlotThreads} has them. */
final class SlotThread {
    /** What a thread does with a call. */
    @FunctionalInterface
    interface Work {
        /** Runs the call to its end on the calling thread and gives the slot back. */
        void run(Slot slot, Call call, LastIsolate last);
    }

    private final Thread thread;
    private final Work work;
    private final SlotThreads all;
    private final LongSupplier nanoClock;
    private final LastIsolate last = new LastIsolate();
    private volatile Optional<Call> current = Optional.empty();
    private volatile boolean asleep;
    private volatile boolean closed;

    /** Since when it runs its call, or was woken for one. */
    private volatile long sinceNanos;

    SlotThread(String name, long stackBytes, Work work, SlotThreads all, LongSupplier nanoClock) {
        this.work = work;
        this.all = all;
        this.nanoClock = nanoClock;
        this.thread = new Thread(null, this::live, name, stackBytes);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The call that it runs, if any; for deadlines. */
    Optional<Call> current() {
        return current;
    }

    /** What it is doing now. */
    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    /** Whether it will soon look for its next call: since then it began with the one it has. */
    boolean isAwake(long thenNanos) {
        return !asleep && sinceNanos - thenNanos >= 0;
    }

    /** Has it look for a call. Only by whoever took it from those that sleep. */
    void wake(long nowNanos) {
        sinceNanos = nowNanos;
        asleep = false;
        LockSupport.unpark(thread);
    }

    private void live() {
        while (!closed) {
            Optional<SlotThreads.Begun> begun = all.next();
            if (begun.isPresent()) {
                run(begun.get());
            } else {
                sleep();
            }
        }
    }

    private void run(SlotThreads.Begun begun) {
        long beganNanos = nanoClock.getAsLong();
        sinceNanos = beganNanos;
        current = Optional.of(begun.call());
        work.run(begun.slot(), begun.call(), last);
        current = Optional.empty();
        all.took(nanoClock.getAsLong() - beganNanos);
    }

    private void sleep() {
        asleep = true;
        all.sleeps(this);
        while (asleep && !closed) {
            LockSupport.park(this);
        }
    }

    /** Ends the thread once its call has ended. */
    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
