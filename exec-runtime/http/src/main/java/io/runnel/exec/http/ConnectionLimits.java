package io.runnel.exec.http;

import java.time.Duration;

/**
 * What a node's connections may cost before they have sent a request.
 *
 * @param most connections at once, of all listeners together; more are closed as they come
 * @param firstRequest how long a new connection may take to send its first request's head
 */
public record ConnectionLimits(int most, Duration firstRequest) {
    /** Twenty thousand connections, ten seconds. */
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(20_000, Duration.ofSeconds(10));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public ConnectionLimits {
        if (most < 1 || firstRequest.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "connection limits must be positive: %d, %s".formatted(most, firstRequest));
        }
    }
}
