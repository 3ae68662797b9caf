package io.runnel.exec.wasm;

import io.runnel.exec.wasi.GuestFunction;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a scan found in a module.
 *
 * @param imports the functions that it needs, in order; it may need nothing else
 * @param types what it declares
 * @param codeBytes the size of all functions' bodies
 * @param instructions how many there are in them
 * @param entries the functions that the host calls
 * @param initialPages the memory that it has before it runs, in pages of 64 KiB
 * @param memoryExported whether its memory is exported as {@code memory}
 * @param dropsElements whether it may drop segments of elements
 */
record ModuleShape(
        List<GuestFunction> imports,
        ModuleTypes types,
        int codeBytes,
        int instructions,
        Entries entries,
        int initialPages,
        boolean memoryExported,
        boolean dropsElements) {
    /**
     * The functions that the host calls, by index.
     *
     * @param command exported as {@code _start}, or {@code wizer.resume}
     * @param start of the start section: part of making an instance
     * @param initialization exported as {@code runnel_init} or {@code wizer.initialize}
     */
    record Entries(int command, OptionalInt start, OptionalInt initialization) {}

    ModuleShape {
        imports = List.copyOf(imports);
    }

    /** How many functions it defines. */
    int functions() {
        return types.bodyStarts().length;
    }
}
