package io.runnel.exec.wasm;

import java.util.List;
import java.util.Map;

/** All that host functions need to know of the call that runs. One thread. */
final class GuestCall {
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final StandardStreams streams;
    private final HostSources host;
    private final long startNanos;

    GuestCall(
            List<String> arguments,
            Map<String, String> environment,
            StandardStreams streams,
            HostSources host) {
        this.arguments = arguments;
        this.environment = environment;
        this.streams = streams;
        this.host = host;
        this.startNanos = host.nanoClock().getAsLong();
    }

    StandardStreams streams() {
        return streams;
    }

    HostSources host() {
        return host;
    }

    /** When it began, on the host's nano clock: the guest's own clocks begin with it. */
    long startNanos() {
        return startNanos;
    }

    // Made when asked for: most guests ask for one of them, many for none.

    GuestStrings arguments() {
        return GuestStrings.ofArguments(arguments);
    }

    GuestStrings environment() {
        return GuestStrings.ofVariables(environment);
    }
}
