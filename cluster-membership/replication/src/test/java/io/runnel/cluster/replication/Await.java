package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something, for a while, and says how things stand when it does not come. */
final class Await {
    private static final Duration LONGEST = Duration.ofSeconds(50);

    private Await() {}

    static void until(String what, BooleanSupplier holds, Supplier<?> state) {
        long endNs = System.nanoTime() + LONGEST.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                fail("%s did not come about in %s: %s".formatted(what, LONGEST, state.get()));
            }
            LockSupport.parkNanos(200_000);
        }
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException("no result in " + LONGEST, e);
        }
    }
}
