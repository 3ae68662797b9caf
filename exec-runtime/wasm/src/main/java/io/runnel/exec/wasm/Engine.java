package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.Tier;

import run.endive.runtime.Instance;
import run.endive.runtime.Machine;

import java.util.function.Function;

/**
 * What runs a module's functions.
 *
 * @param machines makes what runs those of one instance
 * @param marks whether stores mark what they write: {@link UnmarkedForm}
 */
record Engine(Tier tier, Function<Instance, Machine> machines, boolean marks) {
    Engine(Tier tier, Function<Instance, Machine> machines) {
        this(tier, machines, true);
    }

    static Engine interpreting(byte[] module, ModuleTypes types) {
        InterpretedModule functions = InterpretedModule.all(module, types);
        return new Engine(Tier.INTERPRETED, instance -> new Interpreter(functions, instance));
    }

    /**
     * Loads what was compiled of a checked module; what was not is interpreted.
     *
     * @throws CodeRejectedException if the JVM does not take the classes
     */
    static Engine running(CompiledClasses classes, byte[] module, ModuleTypes types)
            throws CodeRejectedException {
        Function<Instance, Machine> compiled = ProgramLoader.load(classes);
        if (classes.interpreted().isEmpty()) {
            return new Engine(Tier.COMPILED, compiled);
        }
        InterpretedModule others = InterpretedModule.only(classes.interpreted(), module, types);
        return new Engine(Tier.COMPILED, MixedMachine.machines(compiled, others));
    }
}
