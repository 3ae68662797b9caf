package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Isolate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class SecondFormTest {
    private static final byte[] HELLO = Guests.module("hello");
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORT_NANOS = 1_000;

    @TempDir private Path folder;
    private final AtomicLong nanos = new AtomicLong();

    /** What passes each time that somebody looks at the clock. */
    private final AtomicLong step = new AtomicLong();

    private WasmProgram program;

    private void open(boolean cached) throws Exception {
        var random = new SecureRandom();
        var clock = InstantSource.system();
        var runtime =
                cached
                        ? new WasmRuntime(clock, this::now, random, folder)
                        : new WasmRuntime(clock, this::now, random);
        program = (WasmProgram) runtime.open(Programs.task(HELLO), HELLO);
        program.optimize();
    }

    private long now() {
        return nanos.addAndGet(step.get());
    }

    @AfterEach
    void close() {
        program.close();
    }

    private void call(Isolate isolate, int times) {
        for (int i = 0; i < times; i++) {
            assertEquals("hello", Programs.output(isolate, HELLO));
        }
    }

    @Test
    void callsThatRunLongGetIt() throws Exception {
        open(true);
        Isolate isolate = program.newIsolate();
        step.set(LONG_NANOS);
        call(isolate, 20);
        Optional<Engine> second =
                program.second().loading().orElseThrow().get(30, TimeUnit.SECONDS);
        assertFalse(second.orElseThrow().marks());
        call(isolate, 1);
        assertFalse(program.engine().marks());
        call(isolate, 3);
        call(program.newIsolate(), 3);
        step.set(SHORT_NANOS);
        call(isolate, 400);
        assertTrue(program.engine().marks(), "they are short now");
        call(isolate, 3);
    }

    @Test
    void briefCallsNeverDo() throws Exception {
        open(true);
        step.set(SHORT_NANOS);
        Isolate isolate = program.newIsolate();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        call(isolate, 1000);
        assertTrue(program.second().loading().isEmpty());
        assertTrue(program.engine().marks());
    }

    @Test
    void withoutTheCacheOfClassesThereIsNone() throws Exception {
        open(false);
        Isolate isolate = program.newIsolate();
        step.set(LONG_NANOS);
        call(isolate, 20);
        assertEquals(
                Optional.empty(),
                program.second().loading().orElseThrow().get(30, TimeUnit.SECONDS));
        call(isolate, 20);
        assertTrue(program.engine().marks());
    }
}
