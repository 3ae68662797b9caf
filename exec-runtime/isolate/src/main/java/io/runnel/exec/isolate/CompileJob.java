package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One piece of work on a program. Like a call, it is interrupted only while it runs. Its limit is
 * of what its thread works; while that has to wait for others, time goes on for some limits more.
 */
final class CompileJob<T> {
    /** The deadline is moved by at least this part of the limit. */
    private static final int LEAST_SHARE = 16;

    private final Callable<T> work;
    private final Consumer<T> late;
    private final Duration limit;
    private final ToLongFunction<Thread> worked;
    private final int mostLimits;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile long deadlineNanos;

    // Guarded by this.
    private long lastNanos;
    private long workedBeforeNanos;
    private Optional<Thread> running = Optional.empty();

    /**
     * A job.
     *
     * @param late gets what the work made after it was given up
     * @param worked how long a thread has worked, in nanoseconds
     * @param mostLimits how many times the limit it takes at most, waiting included
     */
    CompileJob(
            Callable<T> work,
            Consumer<T> late,
            Duration limit,
            ToLongFunction<Thread> worked,
            int mostLimits) {
        this.worked = worked;
        this.mostLimits = mostLimits;
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
            lastNanos = nowNanos + mostLimits * limit.toNanos();
            workedBeforeNanos = worked.applyAsLong(Thread.currentThread());
            running = Optional.of(Thread.currentThread());
        }
    }

    synchronized boolean isRunning() {
        return running.isPresent();
    }

    /** Moves the deadline, if the thread has not worked for as long as it may. */
    synchronized void extend(long nowNanos) {
        if (running.isEmpty() || nowNanos - lastNanos >= 0) {
            return;
        }
        long unusedNanos =
                limit.toNanos() - (worked.applyAsLong(running.get()) - workedBeforeNanos);
        if (unusedNanos > 0) {
            long moreNanos = Math.max(unusedNanos, limit.toNanos() / LEAST_SHARE);
            deadlineNanos = nowNanos + Math.min(moreNanos, lastNanos - nowNanos);
        }
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
