package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.CompiledModule;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;

import java.util.function.Function;

/** Compiles modules to byte code. */
final class ModuleCompiler {
    private ModuleCompiler() {}

    /**
     * Compiles the whole module. Nothing is left to an interpreter, which would be slow and keep
     * the operands of a hostile recursion on the heap.
     *
     * @return makes a machine for an instance of the module, or of its slim twin
     */
    static Function<Instance, Machine> compile(WasmModule module) throws CodeRejectedException {
        try {
            Function<Instance, Machine> factory =
                    MachineFactoryCompiler.builder(module)
                            .withInterpreterFallback(InterpreterFallback.FAIL)
                            .compile();
            return factory instanceof CompiledModule compiled ? compiled.machineFactory() : factory;
        } catch (RuntimeException | AssertionError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "cannot be compiled: " + Messages.of(e), e);
        } catch (LinkageError e) {
            throw new CodeRejectedException(
                    Code.UNSUPPORTED, "cannot be compiled: " + e.getClass().getSimpleName(), e);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "the module is too large or too nested to compile", e);
        }
    }
}
