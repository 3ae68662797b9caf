package io.runnel.exec.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which pages of 1 KiB of a memory were written: a byte for each, 1 for a written one. The memory
 * holds the array itself, so that a write costs one store. A write marks the page where it begins;
 * what it writes beyond, 7 bytes at most, is brought back together with the page before. Compiled
 * code leaves the mark out where it has marked something that is {@link #NEAR} ({@link
 * GuestWrites}), so this much on both sides of a page is brought back too.
 */
final class DirtyPages {
    static final int SHIFT = 10;

    /** Of a memory that has none yet. */
    static final byte[] NONE = {};

    /** How far from a marked place compiled code may write without a mark. */
    static final int NEAR = 64;

    private static final int LONGEST_WRITE = 8;
    private static final int NO_RUN = -1;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private DirtyPages() {}

    /**
     * Marks for a memory of this size; those that are known stay. A multiple of 8, so that they can
     * be looked through eight at once.
     */
    static byte[] forSize(int sizeBytes, byte[] known) {
        byte[] marks = new byte[((sizeBytes >>> SHIFT) + 8) & -8];
        System.arraycopy(known, 0, marks, 0, Math.min(known.length, marks.length));
        return marks;
    }

    /** Marks the pages of a range. */
    static void mark(byte[] dirty, int address, int length) {
        if (length > 0) {
            int last = (address + length - 1) >>> SHIFT;
            for (int page = address >>> SHIFT; page <= last; page++) {
                dirty[page] = 1;
            }
        }
    }

    /**
     * Copies back what was written, and forgets the marks.
     *
     * @param first what was there at first; zeros follow it
     */
    static void bringBack(byte[] dirty, byte[] bytes, byte[] first) {
        int run = NO_RUN;
        for (int eight = 0; eight < dirty.length; eight += 8) {
            if ((long) LONGS.get(dirty, eight) == 0 && run == NO_RUN) {
                continue;
            }
            for (int page = eight; page < eight + 8; page++) {
                if (dirty[page] == 0 && run != NO_RUN) {
                    bringBack(run << SHIFT, page << SHIFT, bytes, first);
                    run = NO_RUN;
                } else if (dirty[page] != 0 && run == NO_RUN) {
                    run = page;
                }
            }
            LONGS.set(dirty, eight, 0L);
        }
        if (run != NO_RUN) {
            bringBack(run << SHIFT, dirty.length << SHIFT, bytes, first);
        }
    }

    /** Copies back all of it, without regard to marks. */
    static void bringBackAll(byte[] bytes, byte[] first) {
        System.arraycopy(first, 0, bytes, 0, first.length);
        Arrays.fill(bytes, first.length, bytes.length, (byte) 0);
    }

    /** Copies back pages that lie side by side, and what is near them. */
    private static void bringBack(int begin, int end, byte[] bytes, byte[] first) {
        int from = Math.max(begin - NEAR, 0);
        int to = Math.min(end + NEAR + LONGEST_WRITE, bytes.length);
        int known = Math.min(to, first.length);
        if (from < known) {
            System.arraycopy(first, from, bytes, from, known - from);
        }
        int rest = Math.max(from, known);
        if (rest < to) {
            Arrays.fill(bytes, rest, to, (byte) 0);
        }
    }
}
