package io.runnel.routing.edge;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets one thing in a while be told, and counts the others: what anybody may bring about fills no
 * log. Safe for any thread.
 */
final class Sparse {
    private final LongSupplier clock;
    private final long every;
    private final AtomicLong next;
    private final AtomicLong untold = new AtomicLong();

    /**
     * None was told yet.
     *
     * @param every how long nothing is told after one was, by this clock
     */
    Sparse(LongSupplier clock, long every) {
        this.clock = clock;
        this.every = every;
        this.next = new AtomicLong(clock.getAsLong());
    }

    /** How many were not told before this one, if this one is to be. */
    OptionalLong next() {
        long now = clock.getAsLong();
        long due = next.get();
        // A clock that was set back must not silence it.
        boolean isDue = now >= due || now < due - every;
        if (isDue && next.compareAndSet(due, now + every)) {
            return OptionalLong.of(untold.getAndSet(0));
        }
        untold.incrementAndGet();
        return OptionalLong.empty();
    }
}
