package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Snapshots of functions that a node made before it started again. */
final class SavedTemplatesIT {
    private static void runs(TaskRuntime runtime, byte[] code) throws Exception {
        Task task = Contracts.task(RuntimeKind.LINUX, "acts", code, Limits.DEFAULT);
        try (Program program = runtime.open(task, code)) {
            program.optimize();
            var out = new Collected();
            Outcome outcome =
                    program.newIsolate()
                            .run(
                                    Contracts.invocation(task),
                                    InputStream.nullInputStream(),
                                    out,
                                    OutputSink.NOWHERE);
            assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
            assertEquals("hello", out.text());
        } finally {
            runtime.close();
        }
    }

    /** The one file of this name among the snapshots. */
    private static Path only(TestMicrovms microvms, String name) throws IOException {
        try (Stream<Path> all = Files.walk(microvms.work().resolve("snapshots"))) {
            List<Path> found = all.filter(file -> file.endsWith(name)).toList();
            assertEquals(1, found.size(), found.toString());
            return found.getFirst();
        }
    }

    private static Object memory(TestMicrovms microvms) throws IOException {
        return Files.getAttribute(only(microvms, "memory"), "unix:ino");
    }

    @Test
    void theyAreUsedUnlessTheyAreDamaged(@TempDir Path folder) throws Exception {
        try (TestMicrovms microvms = new TestMicrovms(folder)) {
            byte[] code = microvms.acting(GuestAct.HELLO);
            runs(microvms.runtime(), code);
            Object first = memory(microvms);
            runs(microvms.runtimeHere(), code);
            assertEquals(first, memory(microvms), "made anew");
            Path state = only(microvms, "state");
            byte[] bytes = Files.readAllBytes(state);
            bytes[bytes.length / 2] ^= 1;
            Files.write(state, bytes);
            runs(microvms.runtimeHere(), code);
            Object second = memory(microvms);
            assertNotEquals(first, second);
            Files.delete(only(microvms, "point.json"));
            runs(microvms.runtimeHere(), code);
            assertNotEquals(second, memory(microvms));
        }
    }
}
