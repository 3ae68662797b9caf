package io.runnel.exec.task;

import java.util.Map;

/**
 * One immutable version of a task: all that an isolate needs to know to run it.
 *
 * @param version counted from 1 within the task
 * @param environment variables that its owner set; never the host's
 * @param options what else its owner chose
 */
public record Task(
        TaskRef ref,
        int version,
        RuntimeKind runtime,
        HandlerKind handler,
        CodeDigest code,
        Limits limits,
        Map<String, String> environment,
        TaskOptions options) {

    /** One whose owner chose nothing else. */
    public Task(
            TaskRef ref,
            int version,
            RuntimeKind runtime,
            HandlerKind handler,
            CodeDigest code,
            Limits limits,
            Map<String, String> environment) {
        this(ref, version, runtime, handler, code, limits, environment, TaskOptions.DEFAULT);
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the version is not positive
     */
    public Task {
        if (version < 1) {
            throw new IllegalArgumentException("version must be positive: " + version);
        }
        environment = Map.copyOf(environment);
    }

    /** The same, whose owner chose this. */
    public Task withOptions(TaskOptions others) {
        return new Task(ref, version, runtime, handler, code, limits, environment, others);
    }

    /** Whether a call finds what an earlier one left. */
    public Reuse reuse() {
        return options.reuse();
    }
}
