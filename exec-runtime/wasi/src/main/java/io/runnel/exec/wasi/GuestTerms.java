package io.runnel.exec.wasi;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.InstanceDocuments;
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
 * @param devices what of the host's devices it may use
 * @param self what it can prove of itself
 */
public record GuestTerms(
        Optional<RequestId> requestId,
        Optional<Long> deadlineNanos,
        long clockStepNanos,
        List<OutboundHost> outbound,
        List<DeviceName> devices,
        Self self) {
    /** What a call can prove of itself. */
    @FunctionalInterface
    public interface Self {
        /** That of a call that can prove nothing. */
        Self NOBODY = (audience, nonce) -> Optional.empty();

        /**
         * A document of who it is: {@link InstanceDocuments#of}.
         *
         * @throws IllegalArgumentException if audience or nonce is not of its form
         */
        Optional<String> document(String audience, String nonce);
    }

    /** No id, no end, exact clocks, no requests, no devices. */
    public static final GuestTerms NONE =
            new GuestTerms(Optional.empty(), Optional.empty(), 1, List.of());

    /** Those of a call that uses no device, and can prove nothing. */
    public GuestTerms(
            Optional<RequestId> requestId,
            Optional<Long> deadlineNanos,
            long clockStepNanos,
            List<OutboundHost> outbound) {
        this(requestId, deadlineNanos, clockStepNanos, outbound, List.of(), Self.NOBODY);
    }

    public GuestTerms {
        if (clockStepNanos < 1) {
            throw new IllegalArgumentException("a clock's step must be positive");
        }
        outbound = List.copyOf(outbound);
        devices = List.copyOf(devices);
    }
}
