package io.runnel.exec.http;

import io.runnel.exec.task.ByteSize;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that a listener's gathered bodies may take at once. Safe for any thread. */
final class BodyBudget {
    private final AtomicLong freeBytes;
    private final long roomBytes;

    BodyBudget(ByteSize room) {
        this.roomBytes = room.bytes();
        this.freeBytes = new AtomicLong(roomBytes);
    }

    boolean tryTake(long bytes) {
        long before = freeBytes.getAndUpdate(free -> free >= bytes ? free - bytes : free);
        return before >= bytes;
    }

    /** As {@link #tryTake}, but leaves half of all for those that have no other place. */
    boolean tryTakeSpare(long bytes) {
        long before =
                freeBytes.getAndUpdate(free -> free - bytes >= roomBytes / 2 ? free - bytes : free);
        return before - bytes >= roomBytes / 2;
    }

    void giveBack(long bytes) {
        freeBytes.addAndGet(bytes);
    }

    long freeBytes() {
        return freeBytes.get();
    }
}
