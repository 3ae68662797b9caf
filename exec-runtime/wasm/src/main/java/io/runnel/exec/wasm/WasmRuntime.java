package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.isolate.CodeReport;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Runs command modules of WASI preview 1, compiled to byte code. Each call has an instance in its
 * first state: memory, globals and tables as the module says. A guest sees its arguments, its
 * variables, clocks, random bytes and three streams; no file, folder, socket, or other variable.
 *
 * <p>Safe for any thread.
 */
public final class WasmRuntime implements TaskRuntime {
    private final HostSources host;

    /**
     * A runtime that gives guests these clocks and this randomness.
     *
     * @param nanoClock monotonic; guests see it from the beginning of their call
     */
    public WasmRuntime(InstantSource clock, LongSupplier nanoClock, SecureRandom random) {
        this.host = new HostSources(clock, nanoClock, random);
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.WASM;
    }

    @Override
    public CodeReport inspect(byte[] code, Limits limits) throws CodeRejectedException {
        ModuleShape shape = scan(code, limits);
        ModuleParser.parse(code, shape);
        return new CodeReport(initialMemory(shape), shape.functions(), notes(shape));
    }

    private static List<String> notes(ModuleShape shape) {
        List<String> notes = new ArrayList<>();
        if (!shape.resettable()) {
            notes.add("it changes its tables: an instance is made for each call, not kept");
        }
        return notes;
    }

    private static ModuleShape scan(byte[] code, Limits limits) throws CodeRejectedException {
        if (code.length > Limits.MODULE.bytes()) {
            throw new CodeRejectedException(
                    Code.TOO_LARGE,
                    "a module may be at most %s: %d bytes".formatted(Limits.MODULE, code.length));
        }
        ModuleShape shape = ModuleScan.scan(code);
        if (!shape.memoryExported()) {
            throw ModuleScan.noEntry("no export 'memory'");
        }
        if (initialMemory(shape).compareTo(limits.memory()) > 0) {
            throw new CodeRejectedException(
                    Code.MEMORY,
                    "the module needs %s of memory at the start, its limit is %s"
                            .formatted(initialMemory(shape), limits.memory()));
        }
        return shape;
    }

    private static ByteSize initialMemory(ModuleShape shape) {
        return ByteSize.ofKiB(64L * shape.initialPages());
    }

    @Override
    public Program prepare(Task task, byte[] code)
            throws CodeRejectedException, InterruptedException {
        HostWarmUp.ensure();
        ModuleShape shape = scan(code, task.limits());
        WasmModule module = ModuleParser.parse(code, shape);
        checkInterrupt();
        Function<Instance, Machine> machines = ModuleCompiler.compile(module);
        checkInterrupt();
        return new WasmProgram(
                ModuleParser.withoutCode(module), shape, machines, host, code.length);
    }

    private static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("compiling was interrupted");
        }
    }
}
