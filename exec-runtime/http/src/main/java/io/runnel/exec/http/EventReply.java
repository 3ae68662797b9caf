package io.runnel.exec.http;

import io.runnel.exec.task.Outcome;

/** How an event's output and outcome become an answer. Called off the event loop. */
@FunctionalInterface
interface EventReply {
    /** What the caller is told. */
    sealed interface Told {}

    /** An answer. */
    record Answered(Answer answer) implements Told {}

    /**
     * A failure.
     *
     * @param note for the task's owner; may be empty
     */
    record Failed(ErrorCode code, String note) implements Told {}

    /** Makes it; whatever the output is. */
    Told make(Outcome outcome, WholeOutput output);
}
