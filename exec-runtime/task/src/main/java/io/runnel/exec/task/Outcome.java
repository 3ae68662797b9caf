package io.runnel.exec.task;

import java.time.Duration;

/**
 * How a call ended: one for each, whatever happens. Facts only, no body. What went wrong inside a
 * guest is told to its owner by the log; callers see the kind of end.
 */
public sealed interface Outcome {
    /** What the call took. */
    Usage usage();

    /** The guest ended by itself with exit code 0. */
    record Completed(Usage usage) implements Outcome {}

    /** The guest ended by itself with another exit code. */
    record FunctionError(Usage usage, int exitCode) implements Outcome {}

    /** The guest did what the machine forbids; {@code reason} is for the owner's log. */
    record Trapped(Usage usage, String reason) implements Outcome {}

    /** The guest was ended at its limit of time or at the caller's deadline. */
    record TimedOut(Usage usage, Duration limit) implements Outcome {}

    /** The guest trapped after it was refused more memory. */
    record MemoryExceeded(Usage usage, ByteSize limit) implements Outcome {}

    /** The guest's calls were nested too deeply. */
    record StackExceeded(Usage usage, ByteSize limit) implements Outcome {}

    /** The guest was ended because it wrote more than it may. */
    record OutputExceeded(Usage usage, ByteSize limit) implements Outcome {}

    /** The caller went away, or the node stopped. */
    record Cancelled(Usage usage) implements Outcome {}

    /** The guest goes on at another node, which answers the call, and meters all of it. */
    record Moved(Usage usage, MovedTo to) implements Outcome {}

    /** The guest never ran; {@code detail} of what is over capacity is for the caller's eyes. */
    record Refused(Refusal refusal, String detail) implements Outcome {
        @Override
        public Usage usage() {
            return Usage.NONE;
        }
    }

    /** Why a call did not run. */
    enum Refusal {
        /** No slot or no memory, and no place in the queue or no time left in it. */
        OVER_CAPACITY,
        /** The same, while its tenant has its share of the node and others are there. */
        RATE_LIMITED,
        /** This node has no such runtime. */
        RUNTIME_UNAVAILABLE,
        /** The code is nowhere to be had, or is not what its digest says. */
        CODE_UNAVAILABLE,
        /** The node stops. */
        DRAINING
    }
}
