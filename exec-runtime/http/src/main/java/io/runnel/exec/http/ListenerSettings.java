package io.runnel.exec.http;

import io.runnel.exec.task.ByteSize;
import io.vertx.core.http.HttpServerOptions;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What one listener takes.
 *
 * @param port 0 takes a free one
 * @param loops on how many event loops it runs
 * @param inFlight requests at once; more get 503
 * @param streams streams at once of one HTTP/2 connection
 * @param window what the streams of one HTTP/2 connection may send together before it is consumed:
 *     where one peer's connection carries many callers, one that is slow must not stop the others
 * @param resets streams of one HTTP/2 connection that its peer may reset in half a minute before it
 *     is closed (CVE-2023-44487): where one peer's connection carries many callers, some of which
 *     go away, that is more
 * @param bodies what gathered bodies may take at once; more get 503
 * @param idle how long a connection may be without a request
 * @param sharing who else may listen at the address
 * @param security secures its connections; leaves them in clear text if it does nothing
 */
public record ListenerSettings(
        String host,
        int port,
        int loops,
        int inFlight,
        int streams,
        ByteSize window,
        int resets,
        ByteSize bodies,
        Duration idle,
        PortSharing sharing,
        Consumer<HttpServerOptions> security) {

    /** Who else may listen at a listener's address. */
    public enum PortSharing {
        /** Nobody. */
        NONE,
        /** The one that takes over from it (SO_REUSEPORT); when it opens nobody may. */
        WITH_SUCCESSOR,
        /** The one that it takes over from, as well. */
        WITH_PREDECESSOR
    }

    /** Settings for this address; one event loop a processor. */
    public static ListenerSettings at(String host, int port) {
        return new ListenerSettings(
                host,
                port,
                Runtime.getRuntime().availableProcessors(),
                10_000,
                256,
                ByteSize.ofMiB(1),
                200,
                ByteSize.ofMiB(64),
                Duration.ofSeconds(60),
                PortSharing.NONE,
                clearText -> {});
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ListenerSettings {
        requireWithin("port", port, 0, 65_535);
        requireWithin("loops", loops, 1, 1024);
        requireWithin("inFlight", inFlight, 1, 1_000_000);
        requireWithin("streams", streams, 1, 10_000);
        requireWithin("resets", resets, 1, 10_000_000);
        if (window.bytes() < 1 << 16 || window.bytes() > 1 << 30) {
            throw new IllegalArgumentException("window must be 64KiB to 1GiB: " + window);
        }
        if (idle.toMillis() < 1) {
            throw new IllegalArgumentException("idle must be positive: " + idle);
        }
    }

    private static void requireWithin(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be %d to %d: %d".formatted(what, least, most, value));
        }
    }

    /** These settings with another number of event loops. */
    public ListenerSettings withLoops(int other) {
        return new ListenerSettings(
                host, port, other, inFlight, streams, window, resets, bodies, idle, sharing,
                security);
    }

    /** These settings with another number of requests at once. */
    public ListenerSettings withInFlight(int other) {
        return new ListenerSettings(
                host, port, loops, other, streams, window, resets, bodies, idle, sharing, security);
    }

    /** These settings with another window. */
    public ListenerSettings withWindow(ByteSize other) {
        return new ListenerSettings(
                host, port, loops, inFlight, streams, other, resets, bodies, idle, sharing,
                security);
    }

    /** These settings with another number of resets. */
    public ListenerSettings withResets(int other) {
        return new ListenerSettings(
                host, port, loops, inFlight, streams, window, other, bodies, idle, sharing,
                security);
    }

    /** These settings with another room for gathered bodies. */
    public ListenerSettings withBodies(ByteSize other) {
        return new ListenerSettings(
                host, port, loops, inFlight, streams, window, resets, other, idle, sharing,
                security);
    }

    /** These settings with another idle time. */
    public ListenerSettings withIdle(Duration other) {
        return new ListenerSettings(
                host, port, loops, inFlight, streams, window, resets, bodies, other, sharing,
                security);
    }

    /** These settings with another sharing of the address. */
    public ListenerSettings withSharing(PortSharing other) {
        return new ListenerSettings(
                host, port, loops, inFlight, streams, window, resets, bodies, idle, other,
                security);
    }

    /** These settings with connections secured in this way. */
    public ListenerSettings withSecurity(Consumer<HttpServerOptions> other) {
        return new ListenerSettings(
                host, port, loops, inFlight, streams, window, resets, bodies, idle, sharing, other);
    }
}
