package io.runnel.exec.task;

import java.util.Map;

/**
 * One immutable version of a task: all that an isolate needs to know to run it.
 *
 * @param version counted from 1 within the task
 * @param environment variables that its owner set; never the host's
 * @param reuse whether a call finds what an earlier one left
 */
public record Task(
        TaskRef ref,
        int version,
        RuntimeKind runtime,
        HandlerKind handler,
        CodeDigest code,
        Limits limits,
        Map<String, String> environment,
        Reuse reuse) {

    /** One whose calls find fresh memory. */
    public Task(
            TaskRef ref,
            int version,
            RuntimeKind runtime,
            HandlerKind handler,
            CodeDigest code,
            Limits limits,
            Map<String, String> environment) {
        this(ref, version, runtime, handler, code, limits, environment, Reuse.FRESH);
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
}
