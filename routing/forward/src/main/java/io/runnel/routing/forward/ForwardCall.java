package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.vertx.core.MultiMap;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a POP decided about a call that it forwards.
 *
 * @param deadlineNanos when the call must be over, on the node's nano clock
 * @param candidates the regions to ask, the best first
 * @param headers puts the POP's own headers ({@code Runnel-Placed}, ...) on the answer, after those
 *     of the region; called on the event loop, once, also when the call fails
 */
public record ForwardCall(
        long deadlineNanos, List<RegionId> candidates, Consumer<MultiMap> headers) {
    public ForwardCall {
        candidates = List.copyOf(candidates);
    }
}
