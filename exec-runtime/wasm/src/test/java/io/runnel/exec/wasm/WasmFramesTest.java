package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.GuestFrames;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class WasmFramesTest {
    private static Optional<String> name(String className, String method) {
        return new WasmFrames(FunctionNames.of(Guests.module("spin")))
                .name(new StackTraceElement(className, method, null, -1));
    }

    @Test
    void onlyMethodsOfFunctionsAreNamed() {
        assertEquals(Optional.of("function 3"), name("x.CompiledMachineFuncGroup_0", "func_3"));
        assertEquals(Optional.of("function 3"), name("x.CompiledMachineFuncGroup_0", "again_3"));
        assertEquals(Optional.empty(), name("x.CompiledMachineFuncGroup_0", "func_"));
        assertEquals(Optional.empty(), name("x.CompiledMachineFuncGroup_0", "func_3x"));
        assertEquals(Optional.empty(), name("x.CompiledMachineFuncGroup_0", "func_9999999999"));
        assertEquals(Optional.empty(), name("x.Other", "func_3"));
    }

    @Test
    void aRunningGuestIsFoundByItsFunctions() throws Exception {
        byte[] module = Guests.module("spin");
        GuestFrames frames = Programs.runtime().frames(module);
        try (Program program = Programs.open(module)) {
            program.optimize();
            var begun = new CountDownLatch(1);
            OutputSink out = (bytes, offset, length) -> begun.countDown();
            Thread guest =
                    Thread.ofPlatform()
                            .start(() -> Programs.run(program.newIsolate(), module, out));
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            StackTraceElement[] stack = guest.getStackTrace();
            guest.interrupt();
            guest.join();
            assertTrue(
                    Arrays.stream(stack).anyMatch(frame -> frames.name(frame).isPresent()),
                    () -> Arrays.toString(stack));
        }
    }
}
