package io.runnel.exec.wasm;

import java.util.Map;

/**
 * A compiled module: the class files, by name.
 *
 * @param main the one that is a machine
 */
record CompiledClasses(String main, Map<String, byte[]> classes) {
    CompiledClasses {
        classes = Map.copyOf(classes);
    }

    long sizeBytes() {
        return classes.values().stream().mapToLong(c -> c.length).sum();
    }
}
