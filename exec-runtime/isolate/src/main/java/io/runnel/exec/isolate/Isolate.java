package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;

import java.io.InputStream;

/**
 * The fence around one running guest. Rules for implementers and for those who test them:
 *
 * <ol>
 *   <li>{@link #run} blocks, on the thread that calls it, until the guest has ended; it may be
 *       called again, by one thread at a time. Of an isolate that is {@link
 *       io.runnel.exec.task.Reuse#FRESH}, nothing that one run wrote can be read by the next. Of
 *       one that is {@link io.runnel.exec.task.Reuse#KEPT}, memory, globals and tables are what the
 *       last run left, if that ended by itself; else they are fresh. What belongs to a call, its
 *       environment, arguments, streams, open files and temporary files, is never left.
 *   <li>When the thread is interrupted the guest ends within 50 ms of guest time, whatever it does,
 *       and {@code run} returns {@link Outcome.Cancelled} with the interrupt status clear; who
 *       interrupted says what it meant.
 *   <li>The guest's limits of memory and stack are kept here, each with its own {@link Outcome}.
 *       Limits of time, output and log are kept by the caller's sinks and interrupts.
 *   <li>A {@link SinkClosedException} from a sink ends the guest at once and leaves {@code run}
 *       unchanged.
 *   <li>No other exception leaves {@code run} for anything that a guest does.
 *   <li>{@link Outcome#usage} has start and run times; the caller adds the rest.
 * </ol>
 */
public interface Isolate {
    /**
     * Runs the guest once.
     *
     * @param body the request's body or payload; the guest's standard input; may block
     * @param out the guest's standard output
     * @param log the guest's standard error
     */
    Outcome run(Invocation invocation, InputStream body, OutputSink out, OutputSink log);

    /**
     * Does now what the next {@link #run} would have to do before its guest runs, as far as it can
     * be done without the call. Not while it runs.
     */
    void prepare();

    /**
     * Whether nothing has to be made or brought back before the guest of the next {@link #run}
     * begins. Not while it runs.
     */
    boolean isReady();

    /** About how much memory it keeps while it does not run, in bytes. Not while it runs. */
    long heldBytes();

    /**
     * How much of that its calls left there: one in which they leave more and more is let go of.
     * Not while it runs.
     */
    default long leftBytes() {
        return heldBytes();
    }

    /**
     * Lets go of what it keeps outside of Java's memory; it does not run again. Quick: what takes
     * long is done behind. Not while it runs.
     */
    default void close() {}
}
