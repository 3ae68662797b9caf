package io.runnel.exec.wasm;

import run.endive.runtime.Instance;
import run.endive.runtime.Machine;

import java.util.function.Function;

/**
 * Runs the functions of one instance of a module that is compiled but for some functions, which are
 * interpreted. Compiled code has a stub for each of these, which calls {@link #interpret}; the
 * interpreter calls all others by this machine. Limits and traps are those of whoever runs a
 * function; all frames that are interpreted share one stack, whatever is between them.
 *
 * <p>A tail call across the border takes no stack: it is left with the instance ({@link
 * Instance#setTailCall}), as compiled code does it, and whoever called from compiled code or from
 * outside goes on with it. Public because compiled code is loaded by a class loader of its own. One
 * thread.
 */
public final class MixedMachine implements Machine {
    private final InterpretedModule module;
    private final Instance instance;
    private final Interpreter interpreter;
    private final Machine compiled;

    private MixedMachine(InterpretedModule module, Instance instance, Machine compiled) {
        this.module = module;
        this.instance = instance;
        this.interpreter = new Interpreter(module, instance);
        this.compiled = compiled;
    }

    /** Machines of a module's compiled functions, and of those that are interpreted. */
    static Function<Instance, Machine> machines(
            Function<Instance, Machine> compiled, InterpretedModule interpreted) {
        return instance -> new MixedMachine(interpreted, instance, compiled.apply(instance));
    }

    /** What a compiled stub calls: runs an interpreted function, and leaves its tail call. */
    public static long[] interpret(long[] arguments, int function, Instance instance) {
        return ((MixedMachine) instance.getMachine()).interpreter.call(function, arguments);
    }

    @Override
    public long[] call(int function, long[] arguments) {
        long[] results = begin(function, arguments);
        while (instance.isTailCallPending()) {
            int next = instance.tailCallFuncId();
            long[] with = instance.tailCallArgs();
            instance.clearTailCall();
            results = begin(next, with);
        }
        return results;
    }

    private long[] begin(int function, long[] arguments) {
        return module.isOutside(function)
                ? compiled.call(function, arguments)
                : interpreter.call(function, arguments);
    }
}
