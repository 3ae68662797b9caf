package io.runnel.exec.network;

import java.time.Duration;

/**
 * How much a guest may do on its network.
 *
 * @param connections of TCP at once
 * @param connectionsEachSecond that are begun, as many as {@code connections} in a burst; a SYN
 *     beyond is dropped, so that the guest's kernel tries again a second later
 * @param datagramFlows pairs of ends that send UDP, at once
 * @param bytesEachSecond that the guest sends, a tenth of it in a burst; it waits for more
 * @param connectLimit for a peer to take a connection
 * @param datagramIdle after which a pair of ends of UDP is forgotten
 */
public record NetworkSettings(
        int connections,
        int connectionsEachSecond,
        int datagramFlows,
        long bytesEachSecond,
        Duration connectLimit,
        Duration datagramIdle) {
    private static final long GIGABIT = 125_000_000;

    /** What stands if nothing else is said. */
    public static final NetworkSettings DEFAULT =
            new NetworkSettings(
                    1024, 256, 64, GIGABIT, Duration.ofSeconds(5), Duration.ofMinutes(1));
}
