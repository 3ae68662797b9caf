package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Writes what came while the thread was busy in one transaction, and so with one wait for the disk.
 * Safe for any thread.
 */
final class GroupedWrites<T, R> {
    /** The most that wait. */
    static final int MOST_WAITING = RegionStore.MOST_PENDING / 2;

    private static final int MOST_TOGETHER = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Write<T, R>> waiting = new ArrayDeque<>();
    private final StoreThread thread;
    private final Function<List<T>, List<R>> together;

    private record Write<T, R>(T what, CompletableFuture<R> done) {}

    /**
     * On this thread.
     *
     * @param together writes all, or fails and writes none; gives a result for each
     */
    GroupedWrites(StoreThread thread, Function<List<T>, List<R>> together) {
        this.thread = thread;
        this.together = together;
    }

    CompletableFuture<R> submit(T what) {
        CompletableFuture<R> done = new CompletableFuture<>();
        lock.lock();
        try {
            if (waiting.size() >= MOST_WAITING) {
                done.completeExceptionally(
                        new StoreException(
                                Code.OVERLOADED,
                                "store: %d writes wait, at most %d may"
                                        .formatted(waiting.size(), MOST_WAITING)));
                return done;
            }
            waiting.add(new Write<>(what, done));
        } finally {
            lock.unlock();
        }
        // Each brings a turn of its own, which finds nothing if an earlier one took it.
        CompletableFuture<Void> turn = thread.submit(RegionStore.MOST_PENDING, this::writeAll);
        var unused = turn.whenComplete((nothing, failure) -> refuse(done, failure));
        return done;
    }

    /** A turn that never came. */
    private void refuse(CompletableFuture<R> done, Throwable failure) {
        if (failure != null) {
            lock.lock();
            try {
                waiting.removeIf(write -> write.done() == done);
            } finally {
                lock.unlock();
            }
            done.completeExceptionally(failure);
        }
    }

    private Void writeAll() {
        List<Write<T, R>> group = next();
        if (!group.isEmpty()) {
            try {
                List<R> results = together.apply(group.stream().map(Write::what).toList());
                for (int i = 0; i < group.size(); i++) {
                    group.get(i).done().complete(results.get(i));
                }
            } catch (RuntimeException | Error e) {
                group.forEach(write -> write.done().completeExceptionally(e));
            }
        }
        return null;
    }

    private List<Write<T, R>> next() {
        lock.lock();
        try {
            List<Write<T, R>> group = new ArrayList<>();
            while (group.size() < MOST_TOGETHER && !waiting.isEmpty()) {
                group.add(waiting.remove());
            }
            return group;
        } finally {
            lock.unlock();
        }
    }
}
