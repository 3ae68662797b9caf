package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.wasi.HostSources;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A real guest that reads a device of the host. */
class DevicesOfTasksTest {
    private static final byte[] CODE = Guests.module("device");
    private static final DeviceName SENSOR = new DeviceName("sensor");
    private static final int NO_SUCH_FILE = 44;

    private static WasmRuntime on(String file) {
        return new WasmRuntime(HostSources.ofSystem()).withDevices(Map.of(SENSOR, file));
    }

    private static Task task(DeviceName... devices) {
        return Contracts.task(RuntimeKind.WASM, "sensing", CODE, Limits.DEFAULT)
                .withOptions(TaskOptions.DEFAULT.withDevices(List.of(devices)));
    }

    private static Outcome run(Isolate isolate, Task task, OutputSink out) {
        return isolate.run(
                Contracts.invocation(task), InputStream.nullInputStream(), out, OutputSink.NOWHERE);
    }

    @Test
    void aTaskReadsItsDeviceAndOneOfTheSameCodeWithoutItDoesNot() throws Exception {
        Task sensing = task(SENSOR);
        try (Program program = on("/dev/zero").open(sensing, CODE)) {
            program.optimize();
            Isolate isolate = program.newIsolate();
            for (int i = 0; i < 2; i++) {
                Collected out = new Collected();
                assertInstanceOf(Outcome.Completed.class, run(isolate, sensing, out));
                assertEquals("\0\0\0\0", out.text());
            }
            var other =
                    assertInstanceOf(
                            Outcome.FunctionError.class, run(isolate, task(), OutputSink.NOWHERE));
            assertEquals(NO_SUCH_FILE, other.exitCode());
        }
    }

    @Test
    void aCallThatWaitsForItsDeviceIsEndedByWhoeverRunsIt() throws Exception {
        Task sensing = task(SENSOR);
        try (Program program = on("/dev/ptmx").open(sensing, CODE)) {
            CompletableFuture<Outcome> ended = new CompletableFuture<>();
            Thread slot =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            ended.complete(
                                                    run(
                                                            program.newIsolate(),
                                                            sensing,
                                                            OutputSink.NOWHERE)));
            while (Arrays.stream(slot.getStackTrace())
                    .noneMatch(frame -> frame.getMethodName().equals("read0"))) {
                assertTrue(slot.isAlive(), "it did not wait");
                Thread.onSpinWait();
            }
            slot.interrupt();
            assertInstanceOf(Outcome.Cancelled.class, ended.get(30, TimeUnit.SECONDS));
        }
    }
}
