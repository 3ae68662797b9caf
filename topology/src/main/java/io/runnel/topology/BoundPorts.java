package io.runnel.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds free ports by binding them. It keeps what it found bound until it is closed, so that it
 * never finds a port twice. Not thread-safe.
 */
public final class BoundPorts implements PortFinder, AutoCloseable {
    private final List<ServerSocket> held = new ArrayList<>();

    @Override
    public int freePort(String host) {
        try {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host));
            held.add(socket);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new TopologyException(
                    TopologyException.Code.NO_PORT,
                    "no free port at %s: %s".formatted(host, e.getMessage()),
                    e);
        }
    }

    /** Lets the ports go. */
    @Override
    public void close() {
        for (ServerSocket socket : held) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        held.clear();
    }
}
