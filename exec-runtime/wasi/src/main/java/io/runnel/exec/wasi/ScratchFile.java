package io.runnel.exec.wasi;

import java.util.Arrays;

/**
 * A file that the call made: blocks, which are there only where something was written, so that a
 * size alone takes nothing.
 */
final class ScratchFile implements FileNode {
    static final int BLOCK_BYTES = 4096;
    private static final int BLOCK_OVERHEAD_BYTES = 16;
    private static final int SLOT_BYTES = 8;
    private static final byte[] NONE = {};

    private final Scratch scratch;
    private final Inode inode;
    private byte[][] blocks = {};
    private long sizeBytes;

    ScratchFile(Scratch scratch) {
        this.scratch = scratch;
        this.inode = scratch.newInode();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public FileStatus status() {
        return inode.status(FileKind.REGULAR, sizeBytes);
    }

    @Override
    public Inode inode() {
        return inode;
    }

    @Override
    public void retain() {
        inode.retain();
    }

    @Override
    public void release() {
        inode.release();
        freeIfLost();
    }

    /** Gives back what it holds if nobody can read it any more. */
    void freeIfLost() {
        if (inode.isLost()) {
            cut(0);
        }
    }

    @Override
    public int read(long offset, byte[] into, int at, int length) {
        int count = (int) Math.min(length, Math.max(sizeBytes - offset, 0));
        int done = 0;
        while (done < count) {
            int inBlock = (int) ((offset + done) % BLOCK_BYTES);
            int part = Math.min(count - done, BLOCK_BYTES - inBlock);
            byte[] block = block((int) ((offset + done) / BLOCK_BYTES));
            if (block.length == 0) {
                Arrays.fill(into, at + done, at + done + part, (byte) 0);
            } else {
                System.arraycopy(block, inBlock, into, at + done, part);
            }
            done += part;
        }
        return count;
    }

    private byte[] block(int index) {
        return index < blocks.length && blocks[index] != null ? blocks[index] : NONE;
    }

    /**
     * Writes as much as there is room for.
     *
     * @param offset not negative
     * @return how many bytes; fewer than wanted only if there is no room for more
     */
    int write(long offset, byte[] from, int at, int length) {
        int done = 0;
        while (done < length && offset + done < scratch.mostBytes()) {
            int inBlock = (int) ((offset + done) % BLOCK_BYTES);
            int part = Math.min(length - done, BLOCK_BYTES - inBlock);
            part = (int) Math.min(part, scratch.mostBytes() - offset - done);
            int index = (int) ((offset + done) / BLOCK_BYTES);
            if (!ensure(index)) {
                break;
            }
            System.arraycopy(from, at + done, blocks[index], inBlock, part);
            done += part;
        }
        if (done > 0) {
            sizeBytes = Math.max(sizeBytes, offset + done);
            inode.modified(scratch.nowNs());
        }
        return done;
    }

    /** Whether the limit of its size is further than this. */
    boolean hasRoomAt(long offset) {
        return offset < scratch.mostBytes();
    }

    private boolean ensure(int index) {
        if (index >= blocks.length && !extend(index + 1)) {
            return false;
        }
        if (blocks[index] == null) {
            if (!scratch.take(BLOCK_BYTES + BLOCK_OVERHEAD_BYTES)) {
                return false;
            }
            blocks[index] = new byte[BLOCK_BYTES];
        }
        return true;
    }

    /**
     * Twice as many places each time, so that a file written bit by bit is not copied each time.
     */
    private boolean extend(int needed) {
        int most = (int) ((scratch.mostBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES);
        int count = Math.max(needed, Math.min(most, 2 * blocks.length));
        if (!scratch.take((long) SLOT_BYTES * (count - blocks.length))) {
            return false;
        }
        blocks = Arrays.copyOf(blocks, count);
        return true;
    }

    /** Makes it this long: cuts it, or lets it end in zeros. */
    void resize(long size) {
        if (size < 0 || size > scratch.mostBytes()) {
            throw new WasiFailure(Errno.FBIG);
        }
        if (size < sizeBytes) {
            cut(size);
        }
        sizeBytes = size;
        inode.modified(scratch.nowNs());
    }

    private void cut(long size) {
        int kept = (int) ((size + BLOCK_BYTES - 1) / BLOCK_BYTES);
        for (int i = kept; i < blocks.length; i++) {
            if (blocks[i] != null) {
                blocks[i] = null;
                scratch.give(BLOCK_BYTES + BLOCK_OVERHEAD_BYTES);
            }
        }
        byte[] last = size % BLOCK_BYTES == 0 ? NONE : block(kept - 1);
        if (last.length > 0) {
            Arrays.fill(last, (int) (size % BLOCK_BYTES), BLOCK_BYTES, (byte) 0);
        }
        if (size == 0) {
            scratch.give((long) SLOT_BYTES * blocks.length);
            blocks = new byte[0][];
        }
        sizeBytes = size;
    }

    /**
     * Makes sure that there is room for these bytes, and makes the file long enough for them.
     *
     * @param length more than 0
     */
    void allocate(long offset, long length) {
        if (offset > scratch.mostBytes() - length) {
            throw new WasiFailure(Errno.FBIG);
        }
        int last = (int) ((offset + length - 1) / BLOCK_BYTES);
        for (int i = (int) (offset / BLOCK_BYTES); i <= last; i++) {
            if (!ensure(i)) {
                throw new WasiFailure(Errno.NOSPC);
            }
        }
        if (offset + length > sizeBytes) {
            sizeBytes = offset + length;
            inode.modified(scratch.nowNs());
        }
    }
}
