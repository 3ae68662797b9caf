package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Functions of a checked module for the {@link Interpreter}: all, each written when it is called
 * for the first time, or some, written at once. Shared by all instances; safe for any thread.
 */
final class InterpretedModule {
    private static final byte[] NO_LONGER_NEEDED = {};

    private final byte[] module;
    private final ModuleTypes types;
    private final AtomicReferenceArray<FunctionCode> codes;
    private final boolean[] outside;
    private final boolean hasHostReferences;

    private InterpretedModule(
            byte[] module,
            ModuleTypes types,
            AtomicReferenceArray<FunctionCode> codes,
            boolean[] outside) {
        this.module = module;
        this.types = types;
        this.codes = codes;
        this.outside = outside;
        this.hasHostReferences = types.types().stream().anyMatch(type -> type.indexOf('e') >= 0);
    }

    /** All functions of a module that {@link FunctionCheck#checkAll} found valid. */
    static InterpretedModule all(byte[] module, ModuleTypes types) {
        boolean[] outside = new boolean[types.functions()];
        Arrays.fill(outside, 0, types.imports(), true);
        return new InterpretedModule(
                module, types, new AtomicReferenceArray<>(types.functions()), outside);
    }

    /**
     * Only these functions of a checked module, of which nothing else is kept.
     *
     * @throws CodeRejectedException if one is not valid
     */
    static InterpretedModule only(Set<Integer> functions, byte[] module, ModuleTypes types)
            throws CodeRejectedException {
        boolean[] outside = new boolean[types.functions()];
        Arrays.fill(outside, true);
        AtomicReferenceArray<FunctionCode> codes = new AtomicReferenceArray<>(types.functions());
        FunctionCheck check = new FunctionCheck(module, types);
        for (int function : functions) {
            outside[function] = false;
            codes.set(function, check.encode(function));
        }
        return new InterpretedModule(NO_LONGER_NEEDED, types, codes, outside);
    }

    ModuleTypes types() {
        return types;
    }

    /** Whether another one runs this function: the host, or compiled code. */
    boolean isOutside(int function) {
        return outside[function];
    }

    /** Whether functions take or give references of the host; all of them are null. */
    boolean hasHostReferences() {
        return hasHostReferences;
    }

    /** The code of a function that is not outside. */
    FunctionCode code(int function) {
        FunctionCode code = codes.get(function);
        return code == null ? encode(function) : code;
    }

    private FunctionCode encode(int function) {
        try {
            FunctionCode code = new FunctionCheck(module, types).encode(function);
            codes.set(function, code);
            return code;
        } catch (CodeRejectedException e) {
            throw new IllegalStateException("was valid when it was checked", e);
        }
    }

    /** Where the code returns whose last operands are its results. */
    static int returnAt(FunctionCode code) {
        return code.code().length - 2;
    }

    /** How many values the code returns. */
    static int results(FunctionCode code) {
        return code.code()[code.code().length - 1];
    }
}
