package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CallStreams;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.SilentInput;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Guests that attack, on a runner as nodes have it; a hundred calls after each find it well. */
class HostileGuestTest {
    private static final Limits LIMITS = Limits.DEFAULT.withTimeout(Duration.ofSeconds(20));
    private static final Limits SHORT = Limits.DEFAULT.withTimeout(Duration.ofMillis(60));

    @TempDir private Path folder;
    private CodeStore codes;
    private TaskRunner runner;
    private WasmRuntime runtime;

    @BeforeEach
    void open() throws Exception {
        codes = new CodeStore(folder.resolve("code"));
        runtime = runtime(folder.resolve("classes"));
        var settings = new RunnerSettings(2, ByteSize.ofMiB(256), 8, Duration.ofSeconds(20));
        runner = new TaskRunner(settings, List.of(runtime), codes, System::nanoTime);
    }

    @AfterEach
    void close() throws Exception {
        Task hello = task("hello", LIMITS);
        for (int i = 0; i < 100; i++) {
            var out = new Collected();
            assertInstanceOf(Outcome.Completed.class, call(hello, nothing(), out));
            assertEquals("hello", out.text());
        }
        assertEquals(2, runner.freeSlots());
        assertEquals(ByteSize.ofMiB(256), runner.freeMemory());
        runner.close();
    }

    private Task task(String guest, Limits limits) throws Exception {
        byte[] code = Guests.module(guest);
        codes.put(code);
        Task task = Contracts.task(RuntimeKind.WASM, guest, code, limits);
        prepare(runtime, task, code);
        return task;
    }

    WasmRuntime runtime(Path classes) throws Exception {
        return new WasmRuntime(InstantSource.system(), System::nanoTime, new SecureRandom());
    }

    /** Before the task is called. */
    void prepare(WasmRuntime with, Task task, byte[] code) throws Exception {
        // Calls begin before it is compiled.
    }

    private Outcome call(Task task, InputStream body, OutputSink out) throws Exception {
        var end = new CompletableFuture<Outcome>();
        var streams = new CallStreams(body, out, OutputSink.NOWHERE);
        runner.enqueue(Contracts.invocation(task), streams, end::complete);
        return end.get(60, TimeUnit.SECONDS);
    }

    private Outcome call(String guest, Limits limits) throws Exception {
        return call(task(guest, limits), nothing(), OutputSink.NOWHERE);
    }

    private static InputStream nothing() {
        return InputStream.nullInputStream();
    }

    @Test
    void counters() throws Exception {
        assertInstanceOf(Outcome.TimedOut.class, call("spin", SHORT));
    }

    @Test
    void countersInTheStartFunction() throws Exception {
        assertInstanceOf(Outcome.TimedOut.class, call("start_section", SHORT));
    }

    @Test
    void sleepers() throws Exception {
        assertInstanceOf(Outcome.TimedOut.class, call("sleep", SHORT));
    }

    @Test
    void readers() throws Exception {
        Outcome outcome = call(task("read_on", SHORT), new SilentInput(), OutputSink.NOWHERE);
        assertInstanceOf(Outcome.TimedOut.class, outcome);
    }

    @Test
    void bulkInstructions() throws Exception {
        Outcome outcome = call("bulk", SHORT);
        assertTrue(
                outcome instanceof Outcome.TimedOut || outcome instanceof Outcome.Completed,
                outcome.toString());
    }

    @Test
    void floods() throws Exception {
        var out = new Collected();
        Outcome outcome = call(task("flood", LIMITS), nothing(), out);
        assertInstanceOf(Outcome.OutputExceeded.class, outcome);
        assertEquals(LIMITS.responseBody().bytes(), out.size());
    }

    @Test
    void growers() throws Exception {
        assertInstanceOf(Outcome.MemoryExceeded.class, call("grow", LIMITS));
        assertInstanceOf(Outcome.Completed.class, call("calm_grow", LIMITS));
    }

    @Test
    void growersOfTables() throws Exception {
        assertInstanceOf(Outcome.Trapped.class, call("tables", LIMITS));
        for (int i = 0; i < 5; i++) {
            var out = new Collected();
            call(task("remember_tables", LIMITS), nothing(), out);
            assertEquals("0", out.text(), "what one call grew, no other sees");
        }
    }

    @Test
    void recursion() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertInstanceOf(Outcome.StackExceeded.class, call("recurse", LIMITS));
        }
    }

    @Test
    void traps() throws Exception {
        assertReason("trap", "unreachable");
        assertReason("outside", "out of bounds");
        assertReason("divide", "divide by zero");
        assertReason("indirect", "uninitialized element");
    }

    private void assertReason(String guest, String part) throws Exception {
        var trapped = assertInstanceOf(Outcome.Trapped.class, call(guest, LIMITS));
        assertTrue(trapped.reason().contains(part), trapped.reason());
    }

    @Test
    void hostCodeNeverRunsOutOfStack() throws Exception {
        var writes = new AtomicInteger();
        var overflows = new AtomicInteger();
        OutputSink needy =
                (bytes, offset, length) -> {
                    writes.incrementAndGet();
                    try {
                        goDown(200);
                    } catch (StackOverflowError e) {
                        overflows.incrementAndGet();
                    }
                };
        for (int i = 0; i < 20; i++) {
            Outcome outcome = call(task("deep_writer", LIMITS), nothing(), needy);
            assertInstanceOf(Outcome.StackExceeded.class, outcome);
        }
        assertTrue(writes.get() > 1000, () -> "only " + writes + " writes");
        assertEquals(0, overflows.get());
    }

    /** Needs about as much stack as a sink that loads a class. */
    private static int goDown(int depth) {
        return depth == 0 ? 0 : goDown(depth - 1) + 1;
    }

    @Test
    void hostFunctionsAtAnyDepth() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertInstanceOf(Outcome.StackExceeded.class, call("deep_reader", LIMITS));
            assertInstanceOf(Outcome.StackExceeded.class, call("deep_files", LIMITS));
        }
    }
}
