package io.runnel.exec.isolate;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A platform thread that runs one call at a time. Calls are handed over by one field and an unpark:
 * the pool gives a slot its next call only when the slot is free, so there is no queue here.
 */
final class SlotThread {
    /** What a slot does with a call. */
    @FunctionalInterface
    interface Work {
        /** Runs the call to its end on the calling thread and gives the slot back. */
        void run(SlotThread slot, Call call, LastIsolate last);
    }

    private final Thread thread;
    private final Work work;
    private final LastIsolate last = new LastIsolate();
    private final AtomicReference<Optional<Call>> current = new AtomicReference<>(Optional.empty());
    private volatile Optional<Call> next = Optional.empty();
    private volatile boolean closed;

    /** Whose share it counts in while it is taken. Guarded by the pool. */
    private Optional<AccountShare> holder = Optional.empty();

    /** Since when it is taken; its own thread reads it when it gives itself back. */
    private volatile long takenNanos;

    SlotThread(String name, long stackBytes, Work work) {
        this.work = work;
        this.thread = new Thread(null, this::live, name, stackBytes);
        thread.setDaemon(true);
    }

    /** The pool's word that it is taken, for whom and when. */
    void setHolder(AccountShare share, long nowNanos) {
        holder = Optional.of(share);
        takenNanos = nowNanos;
    }

    /** When it was taken last. */
    long takenNanos() {
        return takenNanos;
    }

    /** For whom it was taken. Only while it is. */
    AccountShare holder() {
        return holder.orElseThrow();
    }

    void start() {
        thread.start();
    }

    /** Hands over a call. Only to a slot that was taken from the pool for it. */
    void give(Call call) {
        Optional<Call> given = Optional.of(call);
        current.set(given);
        next = given;
        LockSupport.unpark(thread);
    }

    /** The call that it has, if any; for deadlines. */
    Optional<Call> current() {
        return current.get();
    }

    private void live() {
        while (!closed) {
            Optional<Call> taken = next;
            if (taken.isEmpty()) {
                LockSupport.park(this);
            } else {
                next = Optional.empty();
                work.run(this, taken.get(), last);
                // Not if the slot was given another one meanwhile: the pool had it back by then.
                current.compareAndSet(taken, Optional.empty());
            }
        }
    }

    /** Ends the thread once its call has ended. */
    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }
}
