package io.runnel.exec.wasi;

import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RequestId;

import java.util.List;
import java.util.Optional;

/**
 * What holds for one call and not for all of its program.
 *
 * @param requestId as the caller was told it; empty if there is no caller
 * @param deadlineNanos when the call is ended, on the host's nano clock; empty if it is not
 * @param clockStepNanos clocks show multiples of this only, at least 1: coarse clocks keep guests
 *     from measuring their neighbours
 * @param outbound where it may send requests
 */
public record GuestTerms(
        Optional<RequestId> requestId,
        Optional<Long> deadlineNanos,
        long clockStepNanos,
        List<OutboundHost> outbound) {
    /** No id, no end, exact clocks, no requests. */
    public static final GuestTerms NONE =
            new GuestTerms(Optional.empty(), Optional.empty(), 1, List.of());

    public GuestTerms {
        if (clockStepNanos < 1) {
            throw new IllegalArgumentException("a clock's step must be positive");
        }
        outbound = List.copyOf(outbound);
    }
}
