package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** One compilation. Like a call, it is interrupted only while it runs. */
final class CompileJob {
    private final Callable<Program> compilation;
    private final Duration limit;
    private final CompletableFuture<Program> result = new CompletableFuture<>();
    private volatile long deadlineNanos;

    // Guarded by this.
    private Optional<Thread> running = Optional.empty();

    CompileJob(Callable<Program> compilation, Duration limit) {
        this.compilation = compilation;
        this.limit = limit;
    }

    CompletableFuture<Program> result() {
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
            Program program = compilation.call();
            if (!result.complete(program)) {
                program.close();
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
