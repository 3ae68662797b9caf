package io.runnel.region.server.control;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Origin;
import io.runnel.exec.task.RegionId;

/**
 * The way of a request to the region that it belongs to.
 *
 * <ol>
 *   <li>Called on the request's event loop, before any of its body was read; does not block.
 *   <li>Sends the request as it came (method, target, credentials, body as a stream) to the other
 *       region's {@code internal}, where {@link ControlApi#handleRelayed} takes it, and its answer
 *       back. Answers the request in any case.
 *   <li>Nothing is sent twice: when the other region does not answer, the caller decides.
 * </ol>
 */
@FunctionalInterface
public interface Relay {
    /**
     * Hands the request over.
     *
     * @param origin where it came into the network
     */
    void relay(Exchange exchange, RegionId to, Origin origin);
}
