package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The functions of a checked module for the {@link Interpreter}, each written when it is called for
 * the first time. Shared by all instances; safe for any thread.
 */
final class InterpretedModule {
    private final byte[] module;
    private final ModuleTypes types;
    private final AtomicReferenceArray<FunctionCode> codes;
    private final int[] parameters;
    private final int[] results;

    /** The functions of a module that {@link FunctionCheck#checkAll} found valid. */
    InterpretedModule(byte[] module, ModuleTypes types) {
        this.module = module;
        this.types = types;
        this.codes = new AtomicReferenceArray<>(types.functions());
        this.parameters = new int[types.imports()];
        this.results = new int[types.imports()];
        for (int i = 0; i < types.imports(); i++) {
            parameters[i] = ModuleTypes.parameters(types.type(i)).length();
            results[i] = ModuleTypes.results(types.type(i)).length();
        }
    }

    ModuleTypes types() {
        return types;
    }

    int parameters(int imported) {
        return parameters[imported];
    }

    int results(int imported) {
        return results[imported];
    }

    /** The code of a function of the module's own. */
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
}
