package io.runnel.exec.isolate;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Usage;

import java.util.concurrent.RejectedExecutionException;

/** What the runner makes of ends. */
final class Endings {
    private Endings() {}

    static Outcome withUsage(Outcome outcome, Usage usage) {
        return switch (outcome) {
            case Outcome.Completed o -> new Outcome.Completed(usage);
            case Outcome.FunctionError o -> new Outcome.FunctionError(usage, o.exitCode());
            case Outcome.Trapped o -> new Outcome.Trapped(usage, o.reason());
            case Outcome.TimedOut o -> new Outcome.TimedOut(usage, o.limit());
            case Outcome.MemoryExceeded o -> new Outcome.MemoryExceeded(usage, o.limit());
            case Outcome.StackExceeded o -> new Outcome.StackExceeded(usage, o.limit());
            case Outcome.OutputExceeded o -> new Outcome.OutputExceeded(usage, o.limit());
            case Outcome.Cancelled o -> new Outcome.Cancelled(usage);
            case Outcome.Moved o -> new Outcome.Moved(usage, o.to());
            case Outcome.Refused o -> o;
        };
    }

    /** How a call ends whose code could not be made ready. */
    static Outcome ofFailedPrepare(Throwable cause) {
        Outcome.Refusal refusal =
                cause instanceof RejectedExecutionException
                        ? Outcome.Refusal.OVER_CAPACITY
                        : Outcome.Refusal.CODE_UNAVAILABLE;
        return new Outcome.Refused(refusal, String.valueOf(cause.getMessage()));
    }
}
