package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One piece of work on a program. Like a call, it is interrupted only while it runs. */
final class CompileJob<T> {
    private final Callable<T> work;
    private final Consumer<T> late;
    private final Duration limit;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile long deadlineNanos;

    // Guarded by this.
    private Optional<Thread> running = Optional.empty();

    /**
     * A job.
     *
     * @param late gets what the work made after it was given up
     */
    CompileJob(Callable<T> work, Consumer<T> late, Duration limit) {
        this.work = work;
        this.late = late;
        this.limit = limit;
    }

    CompletableFuture<T> result() {
        return result;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void begin(long nowNanos) {
        deadlineNanos = nowNanos + limit.toNanos();
        synchronized (this) {
            running = Optional.of(Thread.currentThread());
        }
    }

    synchronized boolean isRunning() {
        return running.isPresent();
    }

    void run() {
        try {
            T made = work.call();
            if (!result.complete(made)) {
                late.accept(made);
            }
        } catch (InterruptedException e) {
            result.completeExceptionally(tooSlow());
        } catch (Exception e) {
            result.completeExceptionally(e);
        } catch (OutOfMemoryError | StackOverflowError e) {
            result.completeExceptionally(tooLarge(e));
        } finally {
            synchronized (this) {
                running = Optional.empty();
                Thread.interrupted();
            }
        }
    }

    /** Fails the job and asks it to stop. May be called again. */
    synchronized void timeOut() {
        if (result.completeExceptionally(tooSlow())) {
            running.ifPresent(Thread::interrupt);
        }
    }

    private CodeRejectedException tooSlow() {
        return new CodeRejectedException(
                CodeRejectedException.Code.COMPILE_LIMIT,
                "compiling took longer than %d ms".formatted(limit.toMillis()));
    }

    private static CodeRejectedException tooLarge(Error cause) {
        return new CodeRejectedException(
                CodeRejectedException.Code.COMPILE_LIMIT,
                "compiling needed more memory than this node has for it",
                cause);
    }
}
