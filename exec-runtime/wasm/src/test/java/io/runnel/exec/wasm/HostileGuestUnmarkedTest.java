package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.runnel.exec.isolate.Tier;
import io.runnel.exec.task.Task;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The same guests, in the form of compiled code that leaves no marks, from their first call. */
class HostileGuestUnmarkedTest extends HostileGuestTest {
    @Override
    WasmRuntime runtime(Path classes) throws Exception {
        return new WasmRuntime(
                        InstantSource.system(), System::nanoTime, new SecureRandom(), classes)
                .withoutMarks();
    }

    @Override
    void prepare(WasmRuntime with, Task task, byte[] code) throws Exception {
        try (var program = (WasmProgram) with.open(task, code)) {
            program.optimize();
        }
        try (var program = (WasmProgram) with.open(task, code)) {
            assertEquals(Tier.COMPILED, program.tier(), "it is in the cache");
            assertFalse(program.engine().marks());
        }
    }
}
