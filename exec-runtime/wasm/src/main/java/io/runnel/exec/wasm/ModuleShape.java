package io.runnel.exec.wasm;

import java.util.List;

/**
 * What a scan found in a module.
 *
 * @param imports the functions that it needs, in order; it may need nothing else
 * @param functions how many it defines
 * @param codeBytes the size of all functions' bodies
 * @param instructions how many there are in them
 * @param start the function exported as {@code _start}
 * @param initialPages the memory that it has before it runs, in pages of 64 KiB
 * @param memoryExported whether its memory is exported as {@code memory}
 * @param resettable whether its tables and segments are the same after a run as before
 */
record ModuleShape(
        List<WasiFunction> imports,
        int functions,
        int codeBytes,
        int instructions,
        int start,
        int initialPages,
        boolean memoryExported,
        boolean resettable) {
    ModuleShape {
        imports = List.copyOf(imports);
    }
}
