package io.runnel.cluster.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How many may do something at once, and how many may wait for it, without a thread that waits.
 * Safe for any thread.
 */
final class Permits {
    private final int mostWaiting;
    private final Deque<CompletableFuture<Permit>> waiting = new ArrayDeque<>();
    private int free;

    /** The right to do it; to be given back once, by any thread. */
    final class Permit {
        private boolean given;

        void release() {
            Optional<CompletableFuture<Permit>> next = giveBack(this);
            next.ifPresent(heir -> heir.complete(new Permit()));
        }
    }

    Permits(int atOnce, int mostWaiting) {
        this.free = atOnce;
        this.mostWaiting = mostWaiting;
    }

    /** A permit, now or when one comes back; none if as many wait already as may wait. */
    Optional<CompletionStage<Permit>> acquire() {
        synchronized (waiting) {
            if (free > 0) {
                free--;
                return Optional.of(CompletableFuture.completedStage(new Permit()));
            }
            if (waiting.size() >= mostWaiting) {
                return Optional.empty();
            }
            CompletableFuture<Permit> place = new CompletableFuture<>();
            waiting.add(place);
            return Optional.of(place);
        }
    }

    /** A permit, if one is free now. */
    Optional<Permit> tryAcquire() {
        synchronized (waiting) {
            if (free == 0) {
                return Optional.empty();
            }
            free--;
            return Optional.of(new Permit());
        }
    }

    private Optional<CompletableFuture<Permit>> giveBack(Permit permit) {
        synchronized (waiting) {
            if (permit.given) {
                return Optional.empty();
            }
            permit.given = true;
            CompletableFuture<Permit> heir = waiting.poll();
            if (heir == null) {
                free++;
            }
            return Optional.ofNullable(heir);
        }
    }
}
