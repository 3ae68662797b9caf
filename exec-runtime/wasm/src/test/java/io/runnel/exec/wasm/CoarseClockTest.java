package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.wasi.HostSources;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks of tasks whose owners want them coarse, and of those that do not, in one program. */
class CoarseClockTest {
    private static final byte[] CODE = Guests.module("coarse");
    private static final long STEP_NANOS = 1_000_000;
    private static final int CLOCKS = 4;

    private final AtomicLong nanos = new AtomicLong(17);

    /** Each look is a little later than the last, and never at a whole millisecond. */
    private final HostSources host =
            new HostSources(
                    () -> Instant.ofEpochSecond(1_700_000_000, nanos.addAndGet(1_234_567)),
                    () -> nanos.addAndGet(1_234_567),
                    new SecureRandom());

    private static Task task(boolean coarse) {
        Task plain = Programs.task(CODE);
        return new Task(
                plain.ref(),
                1,
                plain.runtime(),
                plain.handler(),
                plain.code(),
                plain.limits(),
                Map.of(),
                TaskOptions.DEFAULT.withCoarseClock(coarse));
    }

    private static ByteBuffer seen(Isolate isolate, Task task) {
        var out = new ByteArrayOutputStream();
        Outcome outcome =
                isolate.run(
                        Contracts.invocation(task),
                        InputStream.nullInputStream(),
                        out::write,
                        OutputSink.NOWHERE);
        assertInstanceOf(Outcome.Completed.class, outcome);
        return ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void allClocksOfATaskThatAsksForItAreCoarseAndSaySo() throws Exception {
        Task coarse = task(true);
        Task exact = task(false);
        try (Program program = new WasmRuntime(host).open(coarse, CODE)) {
            Isolate kept = program.newIsolate();
            for (int i = 0; i < 3; i++) {
                ByteBuffer seen = seen(kept, coarse);
                ByteBuffer other = seen(kept, exact);
                for (int clock = 0; clock < CLOCKS; clock++) {
                    assertEquals(STEP_NANOS, seen.getLong(16 * clock), "resolution of " + clock);
                    assertEquals(0, seen.getLong(16 * clock + 8), "clock " + clock);
                    assertNotEquals(STEP_NANOS, other.getLong(16 * clock));
                    assertNotEquals(0, other.getLong(16 * clock + 8));
                }
            }
        }
    }
}
