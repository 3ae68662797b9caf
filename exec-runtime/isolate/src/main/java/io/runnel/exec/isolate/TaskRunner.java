package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs calls on a node's slots. Each call runs alone on a platform thread; its limits of time,
 * output and log are kept here, those of memory and stack by its isolate. All methods are safe for
 * any thread and none blocks, but {@link #close}.
 */
public final class TaskRunner implements AutoCloseable {
    private final RunnerSettings settings;

    /**
     * Starts the slots' threads.
     *
     * @param runtimes at most one of each kind
     * @param nanoClock monotonic, the one that {@link Invocation#deadlineNanos} is on
     */
    public TaskRunner(
            RunnerSettings settings,
            List<TaskRuntime> runtimes,
            CodeStore codes,
            LongSupplier nanoClock) {
        this.settings = settings;
    }

    /** How near this task's code is. */
    public Readiness readiness(Task task) {
        return Readiness.ABSENT;
    }

    /** A slot and the task's memory, if both are free now and nobody waits for them. */
    public Optional<Reservation> tryReserve(Task task) {
        return Optional.empty();
    }

    /**
     * Runs the call when a slot and memory are free, at once if they are. At most {@link
     * RunnerSettings#queue} calls wait, in the order they came, each for {@link
     * RunnerSettings#longestWait} or to its deadline; past that it is {@link Outcome.Refused}.
     *
     * @param onEnd called exactly once, on any thread, the caller's too; must not block
     */
    public RunningCall enqueue(
            Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd) {
        onEnd.accept(new Outcome.Refused(Outcome.Refusal.RUNTIME_UNAVAILABLE, "no runtime"));
        return () -> {};
    }

    /**
     * Makes the task's code ready in the background.
     *
     * @return fails with {@link CodeRejectedException}, or {@link CodeMissingException} if the code
     *     is not in the store
     */
    public CompletableFuture<Void> prepare(Task task) {
        return CompletableFuture.failedFuture(new CodeMissingException(task.code()));
    }

    /** Slots that nobody holds. */
    public int freeSlots() {
        return settings.slots();
    }

    /** Memory that nobody holds. */
    public ByteSize freeMemory() {
        return settings.memory();
    }

    /** Code that is ready, the most used first; at most 64. */
    public List<CodeDigest> warm() {
        return List.of();
    }

    /** Calls that were given to a slot since the start. */
    public long started() {
        return 0;
    }

    /**
     * Takes no new calls ({@link Outcome.Refusal#DRAINING}), lets those that run and wait end, and
     * cancels what is left after {@code patience}.
     *
     * @return done when the last call has ended
     */
    public CompletableFuture<Void> drain(Duration patience) {
        return CompletableFuture.completedFuture(null);
    }

    /** Cancels every call and ends the threads; waits for them. */
    @Override
    public void close() {}
}
