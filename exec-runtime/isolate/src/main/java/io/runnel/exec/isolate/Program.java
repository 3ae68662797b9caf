package io.runnel.exec.isolate;

import io.runnel.exec.task.Reuse;

import java.util.List;

/**
 * Code that is open, shared by its isolates. Rules for implementers and for those who test them:
 *
 * <ol>
 *   <li>Safe for any thread. After {@link #close} no new isolate is made; those that run go on.
 *   <li>While {@link #isRunnable} is false, isolates may be made but not run. Once true it stays
 *       true.
 *   <li>{@link #optimize} changes speed, never a result. It is called at most once.
 * </ol>
 */
public interface Program extends AutoCloseable {
    /**
     * A new isolate for one thread. Cheap enough to make one for each call.
     *
     * @param reuse whether its runs find what the one before left
     * @throws IllegalStateException after {@link #close}
     */
    Isolate newIsolate(Reuse reuse);

    /** A new isolate whose runs find fresh memory, as {@link #newIsolate(Reuse)}. */
    default Isolate newIsolate() {
        return newIsolate(Reuse.FRESH);
    }

    /**
     * Whether isolates can run now; false for code that may only run once {@link #optimize} is
     * done.
     */
    boolean isRunnable();

    /**
     * Makes it as fast as it gets, which may take long; ends soon after its thread is interrupted.
     * Afterwards isolates, new ones and those that are kept, run the better code at their next
     * call. Does nothing if there is nothing to make better.
     *
     * @throws CodeRejectedException if it stays as it is; the message says why
     * @throws InterruptedException if the thread was interrupted
     */
    void optimize() throws CodeRejectedException, InterruptedException;

    /** How well it runs now. */
    Tier tier();

    /**
     * How long the guest's own initialization took that {@link #optimize} ran, in nanoseconds; 0 if
     * it has none.
     */
    default long initializationNanos() {
        return 0;
    }

    /** For the owner: nothing wrong, but worth knowing. */
    List<String> notes();

    /** About how much memory the program itself keeps while it is open, in bytes. */
    long footprintBytes();

    @Override
    void close();
}
