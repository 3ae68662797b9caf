package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;

/** A function that asks what it is restored for, as AWS Lambda's SnapStart has it. */
final class RestoreHookIT {
    private static long hookMillis(Program program, Task task) {
        var out = new Collected();
        Outcome outcome =
                program.newIsolate()
                        .run(
                                Contracts.invocation(task),
                                InputStream.nullInputStream(),
                                out,
                                OutputSink.NOWHERE);
        assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
        return Long.parseLong(out.text());
    }

    @Test
    void itsHookRunsInEachMachineAfterItWasRestored(@TempDir Path folder) throws Exception {
        Clock clock = Clock.systemUTC();
        try (TestMicrovms microvms = new TestMicrovms(folder)) {
            byte[] code = microvms.acting("HOOK");
            Task task = Contracts.task(RuntimeKind.LINUX, "hook", code, Limits.DEFAULT);
            try (Program program = microvms.runtime().open(task, code)) {
                program.optimize();
                long before = clock.millis();
                long first = hookMillis(program, task);
                long between = clock.millis();
                assertTrue(first >= before && first <= between, before + " " + first);
                long second = hookMillis(program, task);
                assertTrue(second >= between, between + " " + second);
            }
        }
    }
}
