package io.runnel.exec.durable;

import java.util.concurrent.CompletableFuture;

/** Runs events, by the way that any call takes. */
@FunctionalInterface
public interface EventRunner {
    /**
     * Runs an event now. Returns at once; what it gives fails if nobody knows what came of it. Any
     * thread.
     */
    CompletableFuture<RunAnswer> run(KeptEvent event);
}
