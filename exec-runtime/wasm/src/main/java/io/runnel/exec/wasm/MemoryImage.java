package io.runnel.exec.wasm;

import java.util.BitSet;

/**
 * What a memory holds at the beginning of each call. Shared by all instances of a module; changed
 * by nobody.
 *
 * @param bytes up to the last that is not zero
 * @param pages its size, in pages of 64 KiB
 * @param dropped data segments that are gone
 */
@SuppressWarnings("ArrayRecordComponent") // Shared within the room, changed by nobody.
record MemoryImage(byte[] bytes, int pages, BitSet dropped) {
    private static final byte[] NOTHING = {};

    static MemoryImage zero(int pages) {
        return new MemoryImage(NOTHING, pages, new BitSet());
    }
}
