package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.util.ArrayDeque;
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
    private boolean turnComes;

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
            } else if (turnComes || bringTurn(done)) {
                waiting.add(new Write<>(what, done));
            }
        } finally {
            lock.unlock();
        }
        return done;
    }

    /** Of one turn all is written that waits then: what comes before it needs none of its own. */
    private boolean bringTurn(CompletableFuture<R> done) {
        CompletableFuture<Void> turn = thread.submit(RegionStore.MOST_PENDING, this::writeAll);
        turnComes = !turn.isCompletedExceptionally();
        if (!turnComes) {
            done.completeExceptionally(turn.exceptionNow());
        }
        return turnComes;
    }

    private Void writeAll() {
        List<Write<T, R>> all = takeAll();
        for (int i = 0; i < all.size(); i += MOST_TOGETHER) {
            write(all.subList(i, Math.min(i + MOST_TOGETHER, all.size())));
        }
        return null;
    }

    private void write(List<Write<T, R>> group) {
        List<R> results;
        try {
            results = together.apply(group.stream().map(Write::what).toList());
        } catch (RuntimeException | Error e) {
            group.forEach(write -> write.done().completeExceptionally(e));
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).done().complete(results.get(i));
        }
    }

    private List<Write<T, R>> takeAll() {
        lock.lock();
        try {
            turnComes = false;
            List<Write<T, R>> all = List.copyOf(waiting);
            waiting.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
