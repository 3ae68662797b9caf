package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** A function of a task with a secret. */
final class SecretTaskIT {
    private static final String SECRET = "correct horse battery staple";

    private static Invocation call(Task task) {
        return new Invocation(
                RequestId.next(1, new Random(1)),
                task,
                Caller.ANONYMOUS,
                Map.of("PASSWORD", SECRET),
                List.of("task"),
                Long.MAX_VALUE);
    }

    @Test
    void itSeesItsSecretAndNoFileDoes(@TempDir Path folder) throws Exception {
        try (TestMicrovms microvms = new TestMicrovms(folder)) {
            byte[] code = microvms.acting(GuestAct.ENVIRONMENT);
            SecretBundle bundle = new SecretBundle("0".repeat(32), Set.of("PASSWORD"));
            Task task =
                    Contracts.task(RuntimeKind.LINUX, "acts", code, Limits.DEFAULT)
                            .withOptions(TaskOptions.DEFAULT.withSecrets(Optional.of(bundle)));
            try (Program program = microvms.runtime().open(task, code)) {
                assertTrue(program.isRunnable());
                Isolate isolate = program.newIsolate(Reuse.KEPT);
                var out = new Collected();
                Outcome outcome =
                        isolate.run(
                                call(task), InputStream.nullInputStream(), out, OutputSink.NOWHERE);
                assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
                assertEquals("PASSWORD=" + SECRET + "\n", out.text());
                assertTrue(isolate.isReady());
                for (Path file : files(folder)) {
                    assertFalse(holds(file), file.toString());
                }
                isolate.close();
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertTrue(files.stream().anyMatch(file -> file.endsWith("memory")), files.toString());
            return files;
        }
    }

    private static boolean holds(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET);
    }
}
