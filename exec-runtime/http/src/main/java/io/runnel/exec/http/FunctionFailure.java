package io.runnel.exec.http;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;

import java.util.Locale;
import java.util.Optional;

/**
 * How a guest failed, as AWS Lambda names it. Pure.
 *
 * @param type as {@code Runtime.ExitError}
 * @param message for the caller's eyes
 */
record FunctionFailure(String type, String message) {
    /** Empty if it did not: it completed, or never ran to an end of its own. */
    static Optional<FunctionFailure> of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.FunctionError(var usage, int exitCode) ->
                    failure(
                            "Runtime.ExitError",
                            "Runtime exited with error: exit status " + exitCode);
            case Outcome.Trapped trapped -> failure("Runtime.Trap", "The task was ended by a trap");
            case Outcome.TimedOut(var usage, var limit) ->
                    failure(
                            "Sandbox.Timedout",
                            "Task timed out after %s seconds".formatted(seconds(limit.toMillis())));
            case Outcome.MemoryExceeded(var usage, var limit) ->
                    failure("Runtime.OutOfMemory", "Memory limit exceeded: " + limit);
            case Outcome.StackExceeded(var usage, var limit) ->
                    failure("Runtime.StackOverflow", "Stack limit exceeded: " + limit);
            case Outcome.OutputExceeded(var usage, var limit) ->
                    failure(
                            "Function.ResponseSizeTooLarge",
                            "Response payload size exceeded maximum allowed payload size");
            case Outcome.Completed completed -> Optional.empty();
            case Outcome.Cancelled cancelled -> Optional.empty();
            case Outcome.Moved moved -> Optional.empty();
            case Outcome.Refused refused -> Optional.empty();
        };
    }

    /** The message as that of one call. */
    String told(RequestId id) {
        return "RequestId: " + id + " Error: " + message;
    }

    private static Optional<FunctionFailure> failure(String type, String message) {
        return Optional.of(new FunctionFailure(type, message));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%d.%02d", millis / 1000, millis % 1000 / 10);
    }
}
