package io.runnel.exec.task;

import java.util.List;

/**
 * What the owner of a task chose for its guests beyond limits and variables.
 *
 * @param reuse whether a call finds what an earlier one left
 * @param coarseClock whether its guests see clocks of {@link #COARSE_CLOCK_NANOS} only
 * @param outbound where it may send requests; nowhere if empty
 */
public record TaskOptions(Reuse reuse, boolean coarseClock, List<OutboundHost> outbound) {
    /** What a coarse clock's readings are multiples of: 1 ms. */
    public static final long COARSE_CLOCK_NANOS = 1_000_000;

    /** Of a task whose owner chose nothing. */
    public static final TaskOptions DEFAULT = new TaskOptions(Reuse.FRESH, false, List.of());

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if there are too many outbound hosts
     */
    public TaskOptions {
        outbound = List.copyOf(outbound);
        if (outbound.size() > OutboundHost.MOST) {
            throw new IllegalArgumentException(
                    "outbound hosts must be at most %d: %d"
                            .formatted(OutboundHost.MOST, outbound.size()));
        }
    }

    /** The same with another reuse. */
    public TaskOptions withReuse(Reuse other) {
        return new TaskOptions(other, coarseClock, outbound);
    }

    /** The same with clocks that are coarse or not. */
    public TaskOptions withCoarseClock(boolean coarse) {
        return new TaskOptions(reuse, coarse, outbound);
    }

    /** The same with other outbound hosts. */
    public TaskOptions withOutbound(List<OutboundHost> others) {
        return new TaskOptions(reuse, coarseClock, others);
    }
}
