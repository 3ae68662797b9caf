package io.runnel.exec.isolate;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** Tasks and invocations for tests. */
public final class Contracts {
    private static final Random RANDOM = new Random(1);

    private Contracts() {}

    /** A task of account {@code demo}. */
    public static Task task(RuntimeKind kind, String name, byte[] code, Limits limits) {
        return new Task(
                TaskRef.of("demo", name.replace('_', '-')),
                1,
                kind,
                HandlerKind.EVENT,
                CodeDigest.of(code),
                limits,
                Map.of());
    }

    /** A call without a deadline of its own. */
    public static Invocation invocation(Task task) {
        return invocation(task, Long.MAX_VALUE);
    }

    /** A call with a deadline. */
    public static Invocation invocation(Task task, long deadlineNanos) {
        return new Invocation(
                nextId(), task, Caller.ANONYMOUS, Map.of(), List.of("task"), deadlineNanos);
    }

    private static synchronized RequestId nextId() {
        return RequestId.next(1_700_000_000_000L, RANDOM);
    }
}
