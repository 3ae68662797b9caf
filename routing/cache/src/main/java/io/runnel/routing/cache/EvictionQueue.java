package io.runnel.routing.cache;

import java.util.Optional;

/** Answers in the order in which they came, and their bytes. For one thread at a time. */
final class EvictionQueue {
    private final QueuePlace ring = new QueuePlace();
    private long bytes;
    private int size;

    void push(Kept kept) {
        kept.place.insertBehind(ring);
        bytes += kept.cost;
        size++;
    }

    /** Takes out one that is in it. */
    void remove(Kept kept) {
        kept.place.leave();
        bytes -= kept.cost;
        size--;
    }

    /** The one that came first. */
    Optional<Kept> last() {
        return ring.before.kept;
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return size;
    }
}
