package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one platform thread that owns a connection (the engine's native calls would pin a virtual
 * one), and the bounded queue before it.
 */
final class StoreThread {
    /** What is done on the thread. */
    @FunctionalInterface
    interface Work<T> {
        T run();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Thread thread;
    private Optional<Runnable> aside = Optional.empty();
    private boolean closed;

    StoreThread(String name, Runnable last) {
        thread = Thread.ofPlatform().name(name).unstarted(() -> loop(last));
        thread.start();
    }

    /** Does the work after all that waits; refused when {@code most} wait already. */
    <T> CompletableFuture<T> submit(int most, Work<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                future.completeExceptionally(
                        new StoreException(Code.CLOSED, "the store is closed"));
            } else if (waiting.size() >= most) {
                future.completeExceptionally(
                        new StoreException(
                                Code.OVERLOADED,
                                "store: %d calls wait, at most %d may"
                                        .formatted(waiting.size(), most)));
            } else {
                waiting.add(() -> complete(future, work));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        return future;
    }

    /**
     * Does the work before the next that waits. It takes no place in the queue: of several that are
     * asked for at once the last is done. Nothing when closed.
     */
    void submitAside(Work<?> work) {
        lock.lock();
        try {
            aside = Optional.of(() -> complete(new CompletableFuture<>(), work));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private static <T> void complete(CompletableFuture<T> future, Work<T> work) {
        T result;
        try {
            result = work.run();
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
            return;
        }
        future.complete(result);
    }

    private void loop(Runnable last) {
        try {
            Runnable next = take();
            while (next != null) {
                next.run();
                next = take();
            }
        } finally {
            last.run();
        }
    }

    /** The next work, or null when closed and nothing waits. */
    private Runnable take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && aside.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Optional<Runnable> first = aside;
            aside = Optional.empty();
            return first.isEmpty() || closed ? waiting.poll() : first.get();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, does what waits, ends. On the thread itself it does not wait for the end. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() != thread) {
            joinUninterruptibly();
        }
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
