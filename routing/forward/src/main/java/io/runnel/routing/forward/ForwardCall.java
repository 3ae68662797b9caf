package io.runnel.routing.forward;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.RegionId;
import io.vertx.core.MultiMap;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a node decided about a call that it forwards.
 *
 * @param tenant on whose account it takes a place: the caller's, else that of the task's owner
 * @param deadlineNanos when the call must be over, on the node's nano clock
 * @param candidates the regions to ask, the best first
 * @param starts how it would start at the nodes of regions that have several
 * @param otherWay whether it would be placed elsewhere if no region were left: then it does not
 *     wait to be tried again; asked on the event loop
 * @param onlyReady whether it may go only where there is room and calls go well, and comes back as
 *     {@link ForwardResult.Unreached} when it is refused: for one that can wait where it is
 * @param headers puts the node's own headers ({@code Runnel-Placed}, ...) on the answer, after
 *     those of the region; called on the event loop, once, also when the call fails
 * @param resumes where it goes on, if it has begun and was moved: then only its answer is asked for
 */
public record ForwardCall(
        AccountId tenant,
        long deadlineNanos,
        List<RegionId> candidates,
        NodeStart.Of starts,
        BooleanSupplier otherWay,
        boolean onlyReady,
        Consumer<MultiMap> headers,
        Optional<MovedTo> resumes) {
    private static final int MOST_CANDIDATES = 64;

    /**
     * Keeps the candidates.
     *
     * @throws IllegalArgumentException if there are more than 64, which no topology has
     */
    public ForwardCall {
        candidates = List.copyOf(candidates);
        if (candidates.size() > MOST_CANDIDATES) {
            throw new IllegalArgumentException("more than 64 regions: " + candidates.size());
        }
    }

    /** A call that has not begun. */
    public ForwardCall(
            AccountId tenant,
            long deadlineNanos,
            List<RegionId> candidates,
            NodeStart.Of starts,
            BooleanSupplier otherWay,
            boolean onlyReady,
            Consumer<MultiMap> headers) {
        this(
                tenant,
                deadlineNanos,
                candidates,
                starts,
                otherWay,
                onlyReady,
                headers,
                Optional.empty());
    }

    /** The answer of a call that was moved. */
    public static ForwardCall resumed(
            AccountId tenant, long deadlineNanos, MovedTo to, Consumer<MultiMap> headers) {
        return new ForwardCall(
                tenant,
                deadlineNanos,
                List.of(to.region()),
                NodeStart.Of.UNKNOWN,
                () -> false,
                false,
                headers,
                Optional.of(to));
    }
}
