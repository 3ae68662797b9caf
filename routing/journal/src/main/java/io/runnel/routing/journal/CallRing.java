package io.runnel.routing.journal;

import io.runnel.exec.task.RequestId;

import java.util.Optional;

/**
 * The last notes, up to a number; memory is taken as they come. Notes are told apart by a 64-bit
 * hash of their call's id, which holds 80 random bits. Safe for any thread: adding takes tens of
 * nanoseconds, and who looks for a note never holds up who adds for more than a few microseconds.
 */
final class CallRing {
    private static final int CHUNK = 1024;

    private final CallCell[][] chunks;
    private final int size;
    private long added;

    /**
     * An empty ring.
     *
     * @param size how many notes it keeps, a multiple of 1,024
     */
    CallRing(int size) {
        if (size < CHUNK || size % CHUNK != 0) {
            throw new IllegalArgumentException("not a multiple of %d: %d".formatted(CHUNK, size));
        }
        this.size = size;
        this.chunks = new CallCell[size / CHUNK][];
    }

    synchronized void add(CallNote note) {
        int place = (int) (added % size);
        int chunk = place / CHUNK;
        if (chunks[chunk] == null) {
            chunks[chunk] = newChunk();
        }
        chunks[chunk][place % CHUNK].put(hash(note.id()), note);
        added++;
    }

    private static CallCell[] newChunk() {
        CallCell[] cells = new CallCell[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            cells[i] = new CallCell();
        }
        return cells;
    }

    /** How many notes were ever added. */
    synchronized long added() {
        return added;
    }

    /** A note of this call. */
    Optional<CallNote> find(RequestId id) {
        long hash = hash(id);
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            Optional<CallNote> found = find(chunk, hash, id);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private synchronized Optional<CallNote> find(int chunk, long hash, RequestId id) {
        if (chunks[chunk] == null) {
            return Optional.empty();
        }
        for (CallCell cell : chunks[chunk]) {
            if (cell.isOf(hash)) {
                return Optional.of(cell.note(id));
            }
        }
        return Optional.empty();
    }

    private static long hash(RequestId id) {
        String text = id.value();
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = Long.rotateLeft((hash ^ text.charAt(i)) * 0x9E37_79B9_7F4A_7C15L, 29);
        }
        return hash;
    }
}
