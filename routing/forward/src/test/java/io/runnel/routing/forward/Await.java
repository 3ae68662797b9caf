package io.runnel.routing.forward;

import io.vertx.core.Future;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Waiting with a deadline that says what was there instead. */
final class Await {
    private static final long SECONDS = 60;
    private static final long POLL_NANOS = 2_000_000;

    private Await() {}

    static <T> T value(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("did not come to its end: " + future, e);
        }
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came in %d s".formatted(SECONDS));
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void until(BooleanSupplier condition, Supplier<String> state) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("after %d s: %s".formatted(SECONDS, state.get()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Until the value has not changed for 100 polls. */
    static long steady(LongSupplier value) {
        long[] seen = {value.getAsLong(), 0};
        until(
                () -> {
                    long now = value.getAsLong();
                    seen[1] = now == seen[0] ? seen[1] + 1 : 0;
                    seen[0] = now;
                    return seen[1] > 100;
                },
                () -> "still changing: " + seen[0]);
        return seen[0];
    }
}
