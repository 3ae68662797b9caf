package io.runnel.exec.isolate;

import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

/**
 * A kind of isolates. Rules for implementers and for those who test them:
 *
 * <ol>
 *   <li>Safe for any thread. {@link #inspect} may take long, {@link #open} takes milliseconds; both
 *       are never called on an event loop, and end soon after their thread is interrupted.
 *   <li>Code is hostile. Whatever its bytes are, the answer is a value or a {@link
 *       CodeRejectedException} whose message names what is wrong; nothing of the code runs in
 *       {@link #inspect}.
 *   <li>No guest reaches a file, a variable, a socket or a clock setting of the host.
 * </ol>
 */
public interface TaskRuntime {
    /** Which code it runs. */
    RuntimeKind kind();

    /**
     * Checks code before it is published.
     *
     * @throws CodeRejectedException if this runtime would not run it within these limits
     */
    CodeReport inspect(byte[] code, Limits limits) throws CodeRejectedException;

    /**
     * Opens code, as fast as can be: afterwards it runs, if not yet at its full speed.
     *
     * @throws CodeRejectedException as {@link #inspect}
     * @throws InterruptedException if the thread was interrupted
     */
    Program open(Task task, byte[] code) throws CodeRejectedException, InterruptedException;

    /**
     * Reads the frames of guests that run this code.
     *
     * @param code as it was opened
     */
    default GuestFrames frames(byte[] code) {
        return GuestFrames.NONE;
    }

    /** Ends what it keeps beside its programs, which are closed. */
    default void close() {}
}
