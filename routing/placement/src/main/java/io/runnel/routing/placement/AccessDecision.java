package io.runnel.routing.placement;

import io.runnel.exec.task.Caller;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Duration;
import java.util.Optional;

/** Whether a caller may call a task. */
public sealed interface AccessDecision {
    /**
     * It may.
     *
     * @param version the one to run
     * @param stale for how long at least nobody confirmed this, if longer than usual: what {@code
     *     Runnel-Stale} says
     */
    record Allowed(TaskRecord task, VersionRecord version, Caller caller, Optional<Duration> stale)
            implements AccessDecision {}

    /** No such account, no such task, or not for this caller: one answer for all. */
    record NotFound() implements AccessDecision {}

    /** Bad credentials, whatever they were for. */
    record Unauthenticated() implements AccessDecision {}

    /** It might, but nobody has confirmed for too long that it still may. */
    record TooStale() implements AccessDecision {}
}
