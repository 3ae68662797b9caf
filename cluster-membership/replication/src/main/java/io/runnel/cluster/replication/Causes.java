package io.runnel.cluster.replication;

import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What a future failed with, without the wrapping that futures put around it. */
final class Causes {
    private Causes() {}

    static Optional<Throwable> of(Throwable failureOrNull) {
        return Optional.ofNullable(failureOrNull).map(Causes::unwrap);
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? unwrap(failure.getCause())
                : failure;
    }
}
