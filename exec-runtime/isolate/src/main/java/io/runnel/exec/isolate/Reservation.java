package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;

import java.util.function.Consumer;

/**
 * A slot and memory that are kept for one call. Either {@link #run} or {@link #release} has to
 * follow soon: nobody else can use them meanwhile. Safe for any thread.
 */
public interface Reservation {
    /**
     * Runs the call in the reserved slot. Returns at once, or, for a call that is likely to be over
     * at once and whose body can be read again ({@link java.io.InputStream#markSupported}), when it
     * is over or has run for a millisecond here.
     *
     * @param onEnd called exactly once, on any thread; must not block
     * @throws IllegalStateException if the reservation was used or released before
     * @throws IllegalArgumentException if the invocation is of another task
     */
    RunningCall run(Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd);

    /** Gives slot and memory back. Does nothing after {@link #run} or a second time. */
    void release();
}
