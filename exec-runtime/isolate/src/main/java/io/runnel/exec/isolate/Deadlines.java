package io.runnel.exec.isolate;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The one timer of a runner. It keeps no queue: what has deadlines is looked through when the
 * nearest one is due. A new deadline costs a comparison, and a wake-up only if it is nearer than
 * the one that is waited for; since most calls have like limits and come one after the other, that
 * is rare.
 */
final class Deadlines implements AutoCloseable {
    /** Far enough to be never, near enough that differences do not overflow. */
    private static final long FAR_NANOS = Long.MAX_VALUE / 4;

    private final LongSupplier nanoClock;
    private final List<Expiring> parts;
    private final Thread thread;
    private volatile long wakeNanos;
    private volatile boolean closed;

    Deadlines(String name, LongSupplier nanoClock, List<Expiring> parts) {
        this.nanoClock = nanoClock;
        this.parts = List.copyOf(parts);
        this.wakeNanos = nanoClock.getAsLong() + FAR_NANOS;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::keep);
    }

    void start() {
        thread.start();
    }

    /** Says that there is a new deadline. Comes after it can be seen by {@link Expiring#expire}. */
    void watch(long deadlineNanos) {
        if (deadlineNanos - wakeNanos < 0) {
            LockSupport.unpark(thread);
        }
    }

    private void keep() {
        while (!closed) {
            wakeNanos = nanoClock.getAsLong() + expireAll();
            // Once more: a deadline set between the look and the line above was compared with the
            // old wakeNanos. From here on it may only come nearer.
            long againNanos = nanoClock.getAsLong() + expireAll();
            if (againNanos - wakeNanos < 0) {
                wakeNanos = againNanos;
            }
            if (!closed) {
                LockSupport.parkNanos(this, wakeNanos - nanoClock.getAsLong());
            }
        }
    }

    private long expireAll() {
        long delayNanos = FAR_NANOS;
        for (Expiring part : parts) {
            delayNanos = Math.min(delayNanos, part.expire(nanoClock.getAsLong()));
        }
        return Math.max(delayNanos, 0);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
