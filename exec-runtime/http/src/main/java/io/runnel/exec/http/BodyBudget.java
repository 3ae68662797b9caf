package io.runnel.exec.http;

import io.runnel.exec.task.ByteSize;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that a listener's gathered bodies may take at once. Safe for any thread. */
final class BodyBudget {
    private final AtomicLong freeBytes;

    BodyBudget(ByteSize room) {
        this.freeBytes = new AtomicLong(room.bytes());
    }

    boolean tryTake(long bytes) {
        long before = freeBytes.getAndUpdate(free -> free >= bytes ? free - bytes : free);
        return before >= bytes;
    }

    void giveBack(long bytes) {
        freeBytes.addAndGet(bytes);
    }

    long freeBytes() {
        return freeBytes.get();
    }
}
