package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;

import java.io.InputStream;

/**
 * The fence around one running guest. Rules for implementers and for those who test them:
 *
 * <ol>
 *   <li>{@link #run} blocks, on the thread that calls it, until the guest has ended; it may be
 *       called again, by one thread at a time, and nothing that one run wrote can be read by the
 *       next.
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
}
