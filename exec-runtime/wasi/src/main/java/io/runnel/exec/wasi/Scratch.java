package io.runnel.exec.wasi;

import java.util.function.LongSupplier;

/**
 * The part of a call's file system that it may write to: how much it holds, and what is left. All
 * that a guest can make grow is taken from here first. One thread.
 */
final class Scratch {
    /** An entry with its places in two maps, and the node that may come with it. */
    private static final int ENTRY_BYTES = 512;

    private final WasiMemory memory;
    private final LongSupplier nowNs;
    private final long mostBytes;
    private long heldBytes;
    private int entriesLeft;
    private long nextNumber;

    /**
     * Scratch with nothing in it.
     *
     * @param memory whose room it takes
     * @param nowNs the time of day as the guest sees it, since 1970
     * @param firstNumber of the inodes that it makes
     */
    Scratch(WasiMemory memory, FileLimits limits, LongSupplier nowNs, long firstNumber) {
        this.memory = memory;
        this.nowNs = nowNs;
        this.mostBytes = limits.written().bytes();
        this.entriesLeft = limits.entries();
        this.nextNumber = firstNumber;
    }

    Inode newInode() {
        return new Inode(nextNumber++, nowNs());
    }

    long nowNs() {
        return nowNs.getAsLong();
    }

    /** The size that no file can pass. */
    long mostBytes() {
        return mostBytes;
    }

    long heldBytes() {
        return heldBytes;
    }

    void takeEntry(String name) {
        if (entriesLeft == 0 || !take(entryBytes(name))) {
            throw new WasiFailure(Errno.NOSPC);
        }
        entriesLeft--;
    }

    void giveEntry(String name) {
        entriesLeft++;
        give(entryBytes(name));
    }

    /** An entry gets another name. */
    void renameEntry(String from, String to) {
        long moreBytes = entryBytes(to) - entryBytes(from);
        if (moreBytes > 0 && !take(moreBytes)) {
            throw new WasiFailure(Errno.NOSPC);
        }
        if (moreBytes < 0) {
            give(-moreBytes);
        }
    }

    private static long entryBytes(String name) {
        return ENTRY_BYTES + 2L * name.length();
    }

    /** Takes room for so many bytes; false if there is none. */
    boolean take(long bytes) {
        if (bytes > mostBytes - heldBytes || !memory.reserve(bytes)) {
            return false;
        }
        heldBytes += bytes;
        return true;
    }

    void give(long bytes) {
        heldBytes -= bytes;
        memory.release(bytes);
    }
}
