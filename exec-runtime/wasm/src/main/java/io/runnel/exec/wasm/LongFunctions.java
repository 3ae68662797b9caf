package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.wasm.WasmModule;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The functions of one module that become more byte code than the JVM takes for one (64 KiB), and
 * stay interpreted while the others are compiled. How much a function becomes is known only when it
 * was compiled, and one that is too long costs an attempt at the whole module; so what is surely
 * too long ({@link ByteCodeLength}) is not tried, after a failure neither is what is nearly so, and
 * after some nothing that is as long as what failed. One thread.
 */
final class LongFunctions {
    /** Failed once, this is the least length of what is tried no more: a sixth is added to most. */
    private static final int NEARLY_TOO_LONG = ByteCodeLength.MOST_BYTES / 6 * 5;

    /** Attempts after which shorter functions than that are still tried. */
    private static final int PATIENT_FAILURES = 3;

    private static final int MOST_FAILURES = 8;
    private static final int MOST_NAMED = 8;

    private final ModuleTypes types;

    /** The least lengths of the module's own functions, in bytes. */
    private final int[] lengths;

    private final SortedSet<Integer> found = new TreeSet<>();
    private int failures;

    /** Those of a parsed module that are surely too long. */
    LongFunctions(WasmModule module, ModuleTypes types) {
        this.types = types;
        this.lengths = new int[types.functions() - types.imports()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = ByteCodeLength.least(module.codeSection().getFunctionBody(i));
        }
        addFrom(ByteCodeLength.MOST_BYTES + 1);
    }

    private void addFrom(int leastLength) {
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] >= leastLength) {
                found.add(types.imports() + i);
            }
        }
    }

    /** All that are known, by index. */
    SortedSet<Integer> found() {
        return found;
    }

    /**
     * An attempt failed because of this function.
     *
     * @throws CodeRejectedException if so many failed that the module is given up
     */
    void failed(int function) throws CodeRejectedException {
        found.add(function);
        failures++;
        if (failures == MOST_FAILURES) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT,
                    ("cannot be compiled: too many functions (%d and more) are longer than the JVM"
                                    + " allows (64 KiB of byte code)")
                            .formatted(found.size()));
        }
        int length = lengths[function - types.imports()];
        addFrom(failures > PATIENT_FAILURES ? length : Math.max(length, NEARLY_TOO_LONG));
    }

    /** What the owner of the module should know of functions that stay interpreted. */
    static List<String> notes(SortedSet<Integer> interpreted, ModuleTypes types, byte[] module) {
        List<String> notes = new ArrayList<>();
        FunctionNames names = FunctionNames.of(module);
        for (int function : interpreted) {
            if (notes.size() == MOST_NAMED) {
                notes.add(
                        "%d more functions stay interpreted"
                                .formatted(interpreted.size() - MOST_NAMED));
                break;
            }
            notes.add(
                    ("%s stays interpreted, many times slower (%d bytes; the JVM takes 64 KiB of"
                                    + " byte code for one): compile without inlining"
                                    + " (-fno-inline), or split it")
                            .formatted(names.of(function), types.bodyBytes(function)));
        }
        return notes;
    }
}
