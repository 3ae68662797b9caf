package io.runnel.cluster.hazelcast;

import io.runnel.topology.NetworkView;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Waits on signals, with a deadline that prints what was there instead. */
final class Await {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private Await() {}

    /** Until it is so. */
    static void until(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not in %s: %s".formatted(DEADLINE, what));
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** Until the board shows such a view. */
    static void view(StatusBoard board, String what, Predicate<NetworkView> wanted)
            throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        board.onChange(
                view -> {
                    if (wanted.test(view)) {
                        seen.countDown();
                    }
                });
        if (!seen.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(
                    "no view with %s in %s; connected %s: %s"
                            .formatted(what, DEADLINE, board.isConnected(), board.view()));
        }
    }
}
