package io.runnel.exec.wasm;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A compiled module: the class files, by name.
 *
 * @param main the one that is a machine
 * @param interpreted the functions, by index, that are in none of them and stay interpreted
 */
record CompiledClasses(String main, Map<String, byte[]> classes, SortedSet<Integer> interpreted) {
    CompiledClasses {
        classes = Map.copyOf(classes);
        interpreted = Collections.unmodifiableSortedSet(new TreeSet<>(interpreted));
    }

    long sizeBytes() {
        return classes.values().stream().mapToLong(c -> c.length).sum();
    }
}
