package io.runnel.exec.task;

import java.util.List;
import java.util.Optional;

/**
 * What the owner of a task chose for its guests beyond limits and variables.
 *
 * @param reuse whether a call finds what an earlier one left
 * @param coarseClock whether its guests see clocks of {@link #COARSE_CLOCK_NANOS} only
 * @param outbound where it may send requests; nowhere if empty
 * @param latency how much the time of its answers matters
 * @param devices what it uses; where one of them is missing it does not run
 * @param secrets variables whose values are kept apart
 * @param callers what whoever calls it must show of itself, by a document
 */
public record TaskOptions(
        Reuse reuse,
        boolean coarseClock,
        List<OutboundHost> outbound,
        LatencyNeed latency,
        List<DeviceName> devices,
        Optional<SecretBundle> secrets,
        Requirements callers) {
    /** What a coarse clock's readings are multiples of: 1 ms. */
    public static final long COARSE_CLOCK_NANOS = 1_000_000;

    /** Of a task whose owner chose nothing. */
    public static final TaskOptions DEFAULT = new TaskOptions(Reuse.FRESH, false, List.of());

    /** With what most have of the rest: no devices, no secrets, any callers. */
    public TaskOptions(Reuse reuse, boolean coarseClock, List<OutboundHost> outbound) {
        this(
                reuse,
                coarseClock,
                outbound,
                LatencyNeed.NORMAL,
                List.of(),
                Optional.empty(),
                Requirements.NONE);
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if there are too many outbound hosts, or devices
     */
    public TaskOptions {
        outbound = List.copyOf(outbound);
        if (outbound.size() > OutboundHost.MOST) {
            throw new IllegalArgumentException(
                    "outbound hosts must be at most %d: %d"
                            .formatted(OutboundHost.MOST, outbound.size()));
        }
        devices = List.copyOf(devices);
        if (devices.size() > DeviceName.MOST) {
            throw new IllegalArgumentException(
                    "devices must be at most %d: %d".formatted(DeviceName.MOST, devices.size()));
        }
    }

    /** The same with another reuse. */
    public TaskOptions withReuse(Reuse other) {
        return new TaskOptions(other, coarseClock, outbound, latency, devices, secrets, callers);
    }

    /** The same with clocks that are coarse or not. */
    public TaskOptions withCoarseClock(boolean coarse) {
        return new TaskOptions(reuse, coarse, outbound, latency, devices, secrets, callers);
    }

    /** The same with other outbound hosts. */
    public TaskOptions withOutbound(List<OutboundHost> others) {
        return new TaskOptions(reuse, coarseClock, others, latency, devices, secrets, callers);
    }

    /** The same with another need for latency. */
    public TaskOptions withLatency(LatencyNeed other) {
        return new TaskOptions(reuse, coarseClock, outbound, other, devices, secrets, callers);
    }

    /** The same with other devices. */
    public TaskOptions withDevices(List<DeviceName> others) {
        return new TaskOptions(reuse, coarseClock, outbound, latency, others, secrets, callers);
    }

    /** The same with these secret variables. */
    public TaskOptions withSecrets(Optional<SecretBundle> others) {
        return new TaskOptions(reuse, coarseClock, outbound, latency, devices, others, callers);
    }

    /** The same, asking this of callers. */
    public TaskOptions withCallers(Requirements others) {
        return new TaskOptions(reuse, coarseClock, outbound, latency, devices, secrets, others);
    }
}
