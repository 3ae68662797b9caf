package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Task;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * From a module's bytes to the end of its first call: code that was never here, and code that this
 * node has compiled before. Modules are of small functions, each called once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OpenBenchmark {
    private static final int BYTES_OF_A_FUNCTION = 128;

    /** About the size of the module. */
    @Param({"15", "120"})
    public int moduleKiB;

    private byte[] module;
    private Task task;
    private WasmRuntime fresh;
    private WasmRuntime cached;

    /** Builds the module, and compiles it into a cache. */
    @Setup
    public void build() throws Exception {
        module = module((moduleKiB << 10) / BYTES_OF_A_FUNCTION);
        task = Programs.task(module);
        fresh = Programs.runtime();
        cached =
                new WasmRuntime(
                        InstantSource.system(),
                        System::nanoTime,
                        new SecureRandom(),
                        Files.createTempDirectory("classes"));
        cached.open(task, module).optimize();
    }

    /** Function 0 calls all others, which compute. */
    private static byte[] module(int functions) {
        ModuleBytes all = bytes().raw(0);
        ModuleBytes code = bytes().u32(functions + 1);
        for (int i = 1; i <= functions; i++) {
            all.raw(0x41, 5, 0x10).u32(i).raw(0x1A);
        }
        byte[] calls = all.raw(0x0B).toBytes();
        code.u32(calls.length).add(all);
        ModuleBytes types = bytes().u32(functions + 1).raw(0);
        for (int i = 1; i <= functions; i++) {
            ModuleBytes body = bytes().raw(0, 0x20, 0);
            for (int k = 0; k < 8; k++) {
                body.raw(0x41).signed(i * 31 + k).raw(0x6C, 0x20, 0, 0x73, 0x41, 3, 0x77);
            }
            byte[] one = body.raw(0x0B).toBytes();
            code.u32(one.length).add(body);
            types.raw(1);
        }
        return ModuleBytes.module()
                .section(1, bytes().raw(2, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7F))
                .section(3, types)
                .section(5, bytes().raw(1, 0, 2))
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                .section(10, code)
                .toBytes();
    }

    /** Never here. */
    @Benchmark
    public Program neverHere() throws Exception {
        return openAndCall(fresh);
    }

    /** Compiled before. */
    @Benchmark
    public Program compiledBefore() throws Exception {
        return openAndCall(cached);
    }

    private Program openAndCall(WasmRuntime runtime) throws Exception {
        Program program = runtime.open(task, module);
        Programs.run(program.newIsolate(), module, (bytes, offset, length) -> {});
        return program;
    }
}
