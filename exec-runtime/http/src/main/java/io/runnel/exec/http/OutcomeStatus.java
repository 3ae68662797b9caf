package io.runnel.exec.http;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;

import java.util.Optional;

/** What the outside is told of an outcome. */
public final class OutcomeStatus {
    private OutcomeStatus() {}

    /** The error; empty if the guest completed. */
    public static Optional<ErrorCode> of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed completed -> Optional.empty();
            case Outcome.FunctionError error -> Optional.of(ErrorCode.FUNCTION_ERROR);
            case Outcome.Trapped trapped -> Optional.of(ErrorCode.TASK_TRAPPED);
            case Outcome.TimedOut timedOut -> Optional.of(ErrorCode.TASK_TIMEOUT);
            case Outcome.MemoryExceeded exceeded -> Optional.of(ErrorCode.MEMORY_EXCEEDED);
            case Outcome.StackExceeded exceeded -> Optional.of(ErrorCode.STACK_EXCEEDED);
            case Outcome.OutputExceeded exceeded -> Optional.of(ErrorCode.OUTPUT_TOO_LARGE);
            // The caller is gone and reads nothing, or the node stops.
            case Outcome.Cancelled cancelled -> Optional.of(ErrorCode.OVER_CAPACITY);
            // Who waits for it asks where it goes on; nobody is told this.
            case Outcome.Moved moved -> Optional.of(ErrorCode.REGION_UNREACHABLE);
            case Outcome.Refused refused -> Optional.of(of(refused.refusal()));
        };
    }

    /**
     * The problem that this outcome is told as; which limit it was, if it was one of the node's.
     */
    public static Problem problem(ErrorCode code, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused(Refusal refusal, String detail) when isOfLimit(refusal) ->
                    Problem.of(code).withDetail(detail);
            case Outcome other -> Problem.of(code);
        };
    }

    private static boolean isOfLimit(Refusal refusal) {
        return switch (refusal) {
            case OVER_CAPACITY, RATE_LIMITED -> true;
            case DRAINING, RUNTIME_UNAVAILABLE, CODE_UNAVAILABLE -> false;
        };
    }

    private static ErrorCode of(Refusal refusal) {
        return switch (refusal) {
            case OVER_CAPACITY, DRAINING -> ErrorCode.OVER_CAPACITY;
            case RATE_LIMITED -> ErrorCode.RATE_LIMITED;
            case RUNTIME_UNAVAILABLE, CODE_UNAVAILABLE -> ErrorCode.RUNTIME_UNAVAILABLE;
        };
    }
}
