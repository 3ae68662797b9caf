package io.runnel.exec.microvm;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.StartKind;

import java.util.Optional;

/**
 * A call that runs in a machine.
 *
 * @param program what the machine was made by
 * @param start how it began
 * @param beganNanos when, on the clock of calls; what it ran elsewhere before counts
 */
record Execution(
        Invocation call,
        MicrovmProgram program,
        LiveFunction live,
        StartKind start,
        long beganNanos,
        Moved moved) {
    /** Where it went, once it has. */
    static final class Moved {
        private volatile Optional<MovedTo> to = Optional.empty();

        void to(MovedTo where) {
            to = Optional.of(where);
        }

        Optional<MovedTo> to() {
            return to;
        }
    }
}
