package io.runnel.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds free ports by binding them. It keeps what it found bound until it is closed, so that it
 * never finds a port twice. Not thread-safe.
 *
 * <p>It looks below the ports that systems give to outgoing connections (from 32768 on Linux, 49152
 * elsewhere): a node that is started again must get its port back, and not find it lent to a client
 * meanwhile.
 */
public final class BoundPorts implements PortFinder, AutoCloseable {
    static final int LEAST = 20_000;
    static final int MOST = 32_767;
    private static final int TRIES = 1_000;

    private final RandomGenerator random = RandomGenerator.getDefault();
    private final List<ServerSocket> held = new ArrayList<>();

    @Override
    public int freePort(String host) {
        IOException last = null;
        try {
            InetAddress address = InetAddress.getByName(host);
            for (int i = 0; i < TRIES; i++) {
                int port = random.nextInt(LEAST, MOST + 1);
                try {
                    held.add(new ServerSocket(port, 1, address));
                    return port;
                } catch (BindException taken) {
                    last = taken;
                }
            }
        } catch (IOException e) {
            last = e;
        }
        throw new TopologyException(
                TopologyException.Code.NO_PORT,
                "no free port from %d to %d at %s: %s"
                        .formatted(LEAST, MOST, host, last.getMessage()),
                last);
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
