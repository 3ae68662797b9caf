package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Tier;

import run.endive.runtime.Instance;
import run.endive.runtime.Machine;

import java.util.function.Function;

/**
 * What runs a module's functions.
 *
 * @param machines makes what runs those of one instance
 */
record Engine(Tier tier, Function<Instance, Machine> machines) {
    static Engine interpreting(byte[] module, ModuleTypes types) {
        InterpretedModule functions = new InterpretedModule(module, types);
        return new Engine(Tier.INTERPRETED, instance -> new Interpreter(functions, instance));
    }
}
