package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of a node for what is kept though no call runs in it: open programs and idle isolates.
 * What running calls need is counted apart, by their limits. Safe for any thread.
 */
final class PoolBudget {
    private final long mostBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    PoolBudget(ByteSize most) {
        this.mostBytes = most.bytes();
    }

    void add(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    void subtract(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    ByteSize most() {
        return new ByteSize(mostBytes);
    }

    ByteSize used() {
        return new ByteSize(Math.max(0, usedBytes.get()));
    }

    /** Whether something has to go. */
    boolean isExceeded() {
        return usedBytes.get() > mostBytes;
    }

    /** Whether enough has gone: a sixteenth more than need be, so that it is not soon again. */
    boolean isRelieved() {
        return usedBytes.get() <= mostBytes - mostBytes / 16;
    }
}
