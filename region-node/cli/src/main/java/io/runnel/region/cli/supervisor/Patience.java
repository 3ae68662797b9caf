package io.runnel.region.cli.supervisor;

import java.time.Duration;

/**
 * How long a node is waited for.
 *
 * @param toStart until it must say that it is ready
 * @param toStop from SIGTERM to SIGKILL
 */
public record Patience(Duration toStart, Duration toStop) {
    /** From SIGTERM to SIGKILL of a process whose node another one serves by then. */
    static final Duration TO_FINISH = Duration.ofSeconds(50);

    /** For nodes that serve: a busy machine needed 21 s to start five of them. */
    public static final Patience DEFAULT =
            new Patience(Duration.ofMinutes(2), Duration.ofSeconds(20));

    /** For nodes that write a cache when they end, each in one more process. */
    public static final Patience TRAINING =
            new Patience(Duration.ofMinutes(2), Duration.ofMinutes(2));
}
