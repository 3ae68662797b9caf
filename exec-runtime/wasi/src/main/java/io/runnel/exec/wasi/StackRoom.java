package io.runnel.exec.wasi;

/**
 * Makes sure that host code called by a guest has room on the stack.
 *
 * <p>A guest may call a host function at any depth. If the stack ended in the middle of the host's
 * own code, in a lock, a queue of the event loop, the first use of a class, then that would be left
 * half done, for every call of the node, and a guest could try one depth after the other until it
 * hits. So the room is tried out before: {@link #require} goes down by about {@value #ROOM_BYTES}
 * bytes and comes back. If the stack ends there, it ends here, where nothing is open, and the guest
 * is ended as one that calls itself too deeply. It takes about a microsecond.
 *
 * <p>Each level passes forty numbers. Those that find no place in registers lie on the stack,
 * whichever compiler made the code, so a level needs at least {@value #LEVEL_BYTES} bytes.
 */
final class StackRoom {
    private static final int ROOM_BYTES = 96 * 1024;
    private static final int LEVEL_BYTES = 600;
    private static final int LEVELS = ROOM_BYTES / LEVEL_BYTES;

    private StackRoom() {}

    /**
     * Returns if there is room.
     *
     * @throws StackOverflowError if there is none
     */
    static void require() {
        if (down(
                        LEVELS, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L,
                        15L, 16L, 17L, 18L, 19L, 20L, 21L, 22L, 23L, 24L, 25L, 26L, 27L, 28L, 29L,
                        30L, 31L, 32L, 33L, 34L, 35L, 36L, 37L, 38L, 39L)
                == Long.MIN_VALUE) {
            // Never: but then the numbers cannot be left out as useless.
            throw new IllegalStateException("the sum of small numbers is huge");
        }
    }

    private static long down(
            int left,
            long v0,
            long v1,
            long v2,
            long v3,
            long v4,
            long v5,
            long v6,
            long v7,
            long v8,
            long v9,
            long v10,
            long v11,
            long v12,
            long v13,
            long v14,
            long v15,
            long v16,
            long v17,
            long v18,
            long v19,
            long v20,
            long v21,
            long v22,
            long v23,
            long v24,
            long v25,
            long v26,
            long v27,
            long v28,
            long v29,
            long v30,
            long v31,
            long v32,
            long v33,
            long v34,
            long v35,
            long v36,
            long v37,
            long v38,
            long v39) {
        if (left == 0) {
            return v0 + v7 + v14 + v21 + v28 + v35;
        }
        return down(
                        left - 1, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,
                        v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28, v29, v30,
                        v31, v32, v33, v34, v35, v36, v37, v38, v39, v0)
                ^ v39;
    }
}
