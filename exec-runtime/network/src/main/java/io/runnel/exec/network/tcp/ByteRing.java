package io.runnel.exec.network.tcp;

import java.nio.ByteBuffer;

/**
 * Bytes that wait, first in, first out; grows as it needs, up to its limit, as long as there is
 * memory for it. Without, it has 4 KiB, so that it is never stuck.
 */
final class ByteRing {
    private static final int FIRST = 4096;
    private static final byte[] NONE = {};

    private final int limit;
    private final ByteBudget budget;
    private byte[] bytes = NONE;
    private int from;
    private int size;

    /** An empty one. */
    ByteRing(int limit, ByteBudget budget) {
        this.limit = limit;
        this.budget = budget;
    }

    int size() {
        return size;
    }

    /** How many bytes may be put now, if nobody else takes the memory first. */
    int room() {
        long most = Math.max(Math.max(FIRST, bytes.length), budget.left());
        return (int) Math.max(0, Math.min(limit, most) - size);
    }

    /** Takes as many as there is room for; how many. */
    int put(ByteBuffer source) {
        int wanted = Math.min(source.remaining(), limit - size);
        grow(size + wanted);
        int count = Math.min(wanted, bytes.length - size);
        if (count == 0) {
            return 0;
        }
        int at = wrapped(from + size);
        int first = Math.min(count, bytes.length - at);
        source.get(bytes, at, first);
        source.get(bytes, 0, count - first);
        size += count;
        return count;
    }

    /** Copies some without taking them away. */
    void copy(int offset, int count, ByteBuffer into) {
        if (count == 0) {
            return;
        }
        int at = wrapped(from + offset);
        int first = Math.min(count, bytes.length - at);
        into.put(bytes, at, first);
        into.put(bytes, 0, count - first);
    }

    /** Takes the first ones away. */
    void drop(int count) {
        size -= count;
        from = size == 0 ? 0 : wrapped(from + count);
        if (size == 0 && bytes.length > FIRST) {
            clear();
        }
    }

    /** Takes all away; their memory is free. */
    void clear() {
        budget.giveBack(counted(bytes.length));
        bytes = NONE;
        size = 0;
        from = 0;
    }

    private static int counted(int length) {
        return length > FIRST ? length : 0;
    }

    private int wrapped(int at) {
        return at >= bytes.length ? at - bytes.length : at;
    }

    /** Both exist while the bytes are copied, so that both have to be there. */
    private void grow(int wanted) {
        if (wanted <= bytes.length) {
            return;
        }
        int length = Math.max(FIRST, bytes.length);
        while (length < wanted) {
            length *= 2; // Far from an overflow: limits are of some hundred KiB.
        }
        length = Math.min(length, limit);
        if (!budget.take(counted(length))) {
            length = budget.take(counted(wanted)) ? wanted : FIRST;
        }
        if (length <= bytes.length) {
            return;
        }
        byte[] larger = new byte[length];
        copy(0, size, ByteBuffer.wrap(larger));
        budget.giveBack(counted(bytes.length));
        bytes = larger;
        from = 0;
    }
}
