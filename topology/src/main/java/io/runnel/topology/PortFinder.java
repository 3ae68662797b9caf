package io.runnel.topology;

/** Finds free ports. Not thread-safe. */
@FunctionalInterface
public interface PortFinder {
    /**
     * A port on which a listener could be opened now at this host, 1 to 65535.
     *
     * @throws TopologyException with code {@code NO_PORT} if there is none
     */
    int freePort(String host);
}
