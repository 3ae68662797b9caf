package io.runnel.exec.wasi;

import java.time.Duration;

/**
 * What sends the HTTP requests of guests. Rules for implementers and for those who test them:
 *
 * <ol>
 *   <li>Safe for any thread. {@link #send} blocks the guest's thread, as its slot is its own, and
 *       ends at once when it is interrupted; nothing of the request goes on after that.
 *   <li>Whether the task may send to this host was decided before, by name. What the name leads to
 *       is decided here, of the very address that is connected to.
 *   <li>Redirects are not followed.
 * </ol>
 */
@FunctionalInterface
public interface OutboundHttp {
    /** Sends nothing. */
    OutboundHttp NONE =
            (request, most) -> {
                throw new OutboundException(
                        OutboundException.Code.NOT_ALLOWED, "this node sends no requests");
            };

    /**
     * Sends a request and waits for the head of its answer.
     *
     * @param most how long to wait
     * @return to be closed by the caller
     * @throws OutboundException if there is no answer
     * @throws InterruptedException if the thread was interrupted
     */
    OutboundAnswer send(OutboundRequest request, Duration most)
            throws OutboundException, InterruptedException;
}
