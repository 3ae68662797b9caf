package io.runnel.cluster.hazelcast;

import io.runnel.topology.NetworkView;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits on signals, with a deadline that prints what was there instead. */
final class Await {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private Await() {}

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
