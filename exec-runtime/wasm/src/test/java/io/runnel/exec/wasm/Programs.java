package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.InputStream;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Programs for tests, and calls of them on the test's own thread. */
final class Programs {
    static final Limits LIMITS = Limits.DEFAULT.withMemory(ByteSize.ofMiB(16));

    private Programs() {}

    static WasmRuntime runtime() {
        return new WasmRuntime(InstantSource.system(), System::nanoTime, new SecureRandom());
    }

    static Task task(byte[] module) {
        return Contracts.task(RuntimeKind.WASM, "guest", module, LIMITS);
    }

    static Program open(byte[] module) throws Exception {
        return runtime().open(task(module), module);
    }

    /** What one call wrote. */
    static String output(Isolate isolate, byte[] module) {
        Collected out = new Collected();
        run(isolate, module, out);
        return out.text();
    }

    static Outcome run(Isolate isolate, byte[] module, OutputSink out) {
        return isolate.run(
                Contracts.invocation(task(module)),
                InputStream.nullInputStream(),
                out,
                OutputSink.NOWHERE);
    }
}
