package io.runnel.exec.isolate;

/** A call that waits or runs. Safe for any thread. */
@FunctionalInterface
public interface RunningCall {
    /**
     * Asks for its end, as {@link io.runnel.exec.task.Outcome.Cancelled}. Returns at once; the
     * call's {@code onEnd} comes as for every call. Does nothing when the call has ended.
     */
    void cancel();
}
