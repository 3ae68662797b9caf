package io.runnel.exec.wasm;

import run.endive.wasm.types.Element;

import java.util.List;

/**
 * What an instance is at the beginning of each call: memory, globals, tables, segments. Shared by
 * all instances of a module; changed by nobody.
 *
 * @param globals their values
 * @param tables their entries
 * @param elements segments of elements; null where one is dropped
 * @param started whether the module's start function has run in it
 */
@SuppressWarnings("ArrayRecordComponent") // Shared within the room, changed by nobody.
record Image(
        MemoryImage memory,
        long[] globals,
        List<int[]> tables,
        Element[] elements,
        boolean started) {
    /** About what it takes of the host's memory. */
    long sizeBytes() {
        long entries = tables.stream().mapToLong(t -> t.length).sum();
        return memory.bytes().length + 8L * globals.length + 4 * entries + 8L * elements.length;
    }
}
