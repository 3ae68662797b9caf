package io.runnel.exec.wasm;

import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Usage;
import io.runnel.exec.wasi.GuestExit;
import io.runnel.exec.wasi.GuestInterrupted;

import run.endive.runtime.TrapException;
import run.endive.runtime.WasmInterruptedException;

import java.util.Optional;

/** What the way in which a guest ended means. */
final class Ends {
    private Ends() {}

    /**
     * The outcome.
     *
     * @param end how it was thrown out; empty if it returned
     * @param growRefused whether it asked in vain for more memory
     */
    static Outcome outcome(
            Optional<Throwable> end, Usage usage, Limits limits, boolean growRefused) {
        return switch (end.orElse(null)) {
            case null -> new Outcome.Completed(usage);
            case GuestExit exit when exit.code() == 0 -> new Outcome.Completed(usage);
            case GuestExit exit -> new Outcome.FunctionError(usage, exit.code());
            case Throwable e when isInterrupt(e) -> new Outcome.Cancelled(usage);
            case OutOfMemoryError e -> new Outcome.MemoryExceeded(usage, limits.memory());
            case Throwable e when isStackExceeded(e) ->
                    new Outcome.StackExceeded(usage, limits.stack());
            case Throwable e when growRefused -> new Outcome.MemoryExceeded(usage, limits.memory());
            case Throwable e -> new Outcome.Trapped(usage, Messages.of(e));
        };
    }

    static boolean isInterrupt(Throwable e) {
        return e instanceof GuestInterrupted || e instanceof WasmInterruptedException;
    }

    /** Whether the guest gave up by itself. */
    static boolean isUnreachable(Throwable e) {
        return e instanceof TrapException && String.valueOf(e.getMessage()).contains("unreachable");
    }

    /** Compiled code wraps the error where a call comes in from outside. */
    static boolean isStackExceeded(Throwable e) {
        return e instanceof GuestStackExceeded
                || e instanceof StackOverflowError
                || e.getCause() instanceof StackOverflowError;
    }
}
