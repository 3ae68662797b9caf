package io.runnel.exec.wasi;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that host functions need to know of the call that runs. One thread. */
public final class GuestCall {
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final StandardStreams streams;
    private final HostSources host;
    private final GuestTerms terms;
    private final long clockStepNanos;
    private final long startNanos;
    private Optional<Descriptors> descriptors = Optional.empty();
    private Optional<GuestRandom> random = Optional.empty();
    private Optional<GuestStrings> variables = Optional.empty();
    private Optional<OutboundCalls> outbound = Optional.empty();
    private Optional<OpenDevices> devices = Optional.empty();

    /** A call that begins now, on no terms of its own. */
    public GuestCall(
            List<String> arguments,
            Map<String, String> environment,
            StandardStreams streams,
            HostSources host) {
        this(arguments, environment, streams, host, GuestTerms.NONE);
    }

    /**
     * A call that begins now.
     *
     * @param arguments the program's name first
     */
    public GuestCall(
            List<String> arguments,
            Map<String, String> environment,
            StandardStreams streams,
            HostSources host,
            GuestTerms terms) {
        this.arguments = arguments;
        this.environment = environment;
        this.streams = streams;
        this.host = host;
        this.terms = terms;
        this.clockStepNanos = Math.max(terms.clockStepNanos(), host.clockStepNanos());
        this.startNanos = host.nanoClock().getAsLong();
    }

    StandardStreams streams() {
        return streams;
    }

    HostSources host() {
        return host;
    }

    GuestTerms terms() {
        return terms;
    }

    /** What all that the guest sees of clocks is a multiple of. */
    long clockStepNanos() {
        return clockStepNanos;
    }

    /** The time until the call is ended; {@link Long#MAX_VALUE} if nobody knows. */
    long leftNanos() {
        return terms.deadlineNanos()
                .map(deadline -> coarse(deadline - host.nanoClock().getAsLong()))
                .orElse(Long.MAX_VALUE);
    }

    /** Ends what the call has under way beyond its memory. */
    public void end() {
        outbound.ifPresent(OutboundCalls::closeAll);
        outbound = Optional.empty();
        devices.ifPresent(OpenDevices::closeAll);
        devices = Optional.empty();
    }

    /** What the call's files hold of the host's memory, besides the guest's own. */
    public long heldFileBytes() {
        return descriptors.map(Descriptors::heldBytes).orElse(0L);
    }

    // Made when asked for: most guests ask for one of them, many for none.

    GuestStrings arguments() {
        return GuestStrings.ofArguments(arguments);
    }

    GuestStrings environment() {
        if (variables.isEmpty()) {
            variables = Optional.of(GuestStrings.ofVariables(environment));
        }
        return variables.get();
    }

    Descriptors descriptors(WasiMemory memory) {
        if (descriptors.isEmpty()) {
            descriptors = Optional.of(new Descriptors(memory, this));
        }
        return descriptors.get();
    }

    GuestRandom random() {
        if (random.isEmpty()) {
            random = Optional.of(new GuestRandom(host.random()));
        }
        return random.get();
    }

    OutboundCalls outbound() {
        if (outbound.isEmpty()) {
            outbound = Optional.of(new OutboundCalls(this, OutboundLimits.DEFAULT));
        }
        return outbound.get();
    }

    OpenDevices devices() {
        if (devices.isEmpty()) {
            devices = Optional.of(new OpenDevices(this));
        }
        return devices.get();
    }

    /** The time of day since 1970, as the guest sees it. */
    long realNs() {
        Instant now = host.clock().instant();
        return coarse(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    }

    /** The time since the call began, as the guest sees it. */
    long sinceStartNs() {
        return coarse(host.nanoClock().getAsLong() - startNanos);
    }

    private long coarse(long nanos) {
        return nanos - nanos % clockStepNanos;
    }
}
