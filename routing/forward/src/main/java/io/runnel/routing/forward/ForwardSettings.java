package io.runnel.routing.forward;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;

import java.time.Duration;

/**
 * How a node forwards.
 *
 * @param node who forwards
 * @param streams calls at once over one connection
 * @param connections to one region from one event loop
 * @param connectTimeout until a connection must be ready for calls; a region that does not even
 *     answer pings is known to be down sooner
 * @param grace how long after a call's deadline the region may still say so itself
 * @param idle how long a connection without calls is used again: less than the region lets it be
 * @param keptTries tries beyond calls' first that are kept at most ({@code RetryBudget}): as many
 *     as may be in flight to one region, for so many break when it dies
 * @param window bytes of one answer that may wait here for a slow client
 */
public record ForwardSettings(
        NodeName node,
        int streams,
        int connections,
        Duration connectTimeout,
        Duration grace,
        Duration idle,
        int keptTries,
        ByteSize window) {

    /** Settings for this node: 800 calls at once to one region from one event loop. */
    public static ForwardSettings of(NodeName node) {
        return new ForwardSettings(
                node,
                100,
                8,
                Duration.ofSeconds(5),
                Duration.ofMillis(250),
                Duration.ofSeconds(30),
                2_000,
                ByteSize.ofKiB(256));
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ForwardSettings {
        requireWithin("streams", streams, 1, 1000);
        requireWithin("connections", connections, 1, 1000);
        requireWithin("connectTimeout in ms", connectTimeout.toMillis(), 1, 60_000);
        requireWithin("grace in ms", grace.toMillis(), 0, 60_000);
        requireWithin("idle in ms", idle.toMillis(), 1, 3_600_000);
        requireWithin("keptTries", keptTries, 0, 1_000_000);
        requireWithin("window", window.bytes(), 1 << 16, 1 << 20);
    }

    private static void requireWithin(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be %d to %d: %d".formatted(what, least, most, value));
        }
    }

    /** These settings with other limits of streams and connections. */
    public ForwardSettings withLimits(int otherStreams, int otherConnections) {
        return new ForwardSettings(
                node,
                otherStreams,
                otherConnections,
                connectTimeout,
                grace,
                idle,
                keptTries,
                window);
    }

    /** These settings with another number of tries that are kept. */
    public ForwardSettings withKeptTries(int other) {
        return new ForwardSettings(
                node, streams, connections, connectTimeout, grace, idle, other, window);
    }

    /** These settings with another time for connecting. */
    public ForwardSettings withConnectTimeout(Duration other) {
        return new ForwardSettings(
                node, streams, connections, other, grace, idle, keptTries, window);
    }

    /** These settings with another grace. */
    public ForwardSettings withGrace(Duration other) {
        return new ForwardSettings(
                node, streams, connections, connectTimeout, other, idle, keptTries, window);
    }

    /** These settings with another idle time. */
    public ForwardSettings withIdle(Duration other) {
        return new ForwardSettings(
                node, streams, connections, connectTimeout, grace, other, keptTries, window);
    }
}
