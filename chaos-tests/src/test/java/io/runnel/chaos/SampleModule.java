package io.runnel.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A sample's module, prepared to be called again and again. */
final class SampleModule implements AutoCloseable {
    /** What came of one call. */
    record Answer(Outcome outcome, String out, String log) {
        /** The value of a header, or nothing. */
        String header(String name) {
            return head().lines()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        String head() {
            return out.substring(0, Math.max(0, out.indexOf("\n\n")));
        }

        String body() {
            return out.substring(out.indexOf("\n\n") + 2);
        }
    }

    private final Task task;
    private final Program program;

    private SampleModule(Task task, Program program) {
        this.task = task;
        this.program = program;
    }

    /** Prepares {@code folder/name.wasm}. */
    static SampleModule prepare(TaskRuntime runtime, Path module, HandlerKind handler)
            throws IOException, CodeRejectedException, InterruptedException {
        return prepare(runtime, Files.readAllBytes(module), handler);
    }

    /** Prepares code, a module or a package. */
    static SampleModule prepare(TaskRuntime runtime, byte[] code, HandlerKind handler)
            throws CodeRejectedException, InterruptedException {
        runtime.inspect(code, Limits.DEFAULT);
        Task task =
                new Task(
                        TaskRef.of("demo", "sample"),
                        1,
                        RuntimeKind.WASM,
                        handler,
                        CodeDigest.of(code),
                        Limits.DEFAULT,
                        Map.of(),
                        TaskOptions.DEFAULT.withOutbound(
                                List.of(OutboundHost.parse(CannedSite.HOST))));
        Program program = runtime.open(task, code);
        program.optimize();
        return new SampleModule(task, program);
    }

    /** Calls it with this environment and standard input. */
    Answer call(Map<String, String> environment, byte[] input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Invocation invocation =
                new Invocation(
                        RequestId.next(0, new SplittableRandom(1)),
                        task,
                        Caller.ANONYMOUS,
                        environment,
                        List.of("sample"),
                        System.nanoTime() + Duration.ofSeconds(30).toNanos());
        Outcome outcome =
                program.newIsolate()
                        .run(invocation, new ByteArrayInputStream(input), into(out), into(log));
        return new Answer(outcome, out.toString(UTF_8), log.toString(UTF_8));
    }

    Answer call(Map<String, String> environment, String input) {
        return call(environment, input.getBytes(UTF_8));
    }

    private static OutputSink into(ByteArrayOutputStream sink) {
        return sink::write;
    }

    @Override
    public void close() {
        program.close();
    }
}
