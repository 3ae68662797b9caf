package io.runnel.region.server.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** That something was to be new, and is there already. */
final class Taken {
    private Taken() {}

    /**
     * Makes something, on condition that it is new, and says so where it is not.
     *
     * @param text for the caller
     */
    static CompletionStage<Reply> unlessNew(Supplier<CompletionStage<Reply>> making, String text) {
        CompletionStage<Reply> made;
        try {
            made = making.get();
        } catch (RefusedException e) {
            made = CompletableFuture.failedFuture(e);
        }
        return made.exceptionallyCompose(failure -> told(failure, text));
    }

    private static CompletionStage<Reply> told(Throwable failure, String text) {
        Throwable cause = Failures.cause(failure);
        boolean isThere =
                cause instanceof RefusedException refused
                        && refused.problem().code() == ControlError.PRECONDITION_FAILED;
        return CompletableFuture.failedFuture(
                isThere
                        ? new RefusedException(ControlError.CONFLICT, text)
                        : new CompletionException(cause));
    }
}
