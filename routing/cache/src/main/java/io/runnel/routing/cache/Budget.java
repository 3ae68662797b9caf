package io.runnel.routing.cache;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes are taken, of at most so many. Lock-free, any thread. */
final class Budget {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    Budget(long most) {
        this.most = most;
    }

    /** Takes these if there are as many left. */
    boolean take(long bytes) {
        long before = taken.get();
        while (bytes <= most - before) {
            if (taken.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = taken.get();
        }
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
