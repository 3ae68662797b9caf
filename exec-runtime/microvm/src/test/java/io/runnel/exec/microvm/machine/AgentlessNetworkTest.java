package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.network.Destinations;
import io.runnel.exec.network.GuestNetwork;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.NetworkSettings;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A guest without our agent: its connections end as those of others, since nothing in it takes
 * part.
 */
final class AgentlessNetworkTest {
    /** Everything is this computer. */
    private static final class Anywhere implements Destinations {
        @Override
        public boolean knows(String name) {
            return true;
        }

        @Override
        public boolean allows(String name, int port) {
            return true;
        }

        @Override
        public List<InetAddress> addresses(String name) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    private static GuestNetwork network(SocketChannel frames) throws IOException {
        return GuestNetwork.open(
                frames, new Anywhere(), NetworkSettings.DEFAULT, NetworkPoint.NONE);
    }

    @Test
    void itsConnectionEndsOnBothSidesWhenItIsHalted() throws Exception {
        GuestNetwork[] network = new GuestNetwork[1];
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Machine machine =
                        BootedGuest.here().restore(frames -> network[0] = network(frames))) {
            assertEquals("default via 10.0.2.2 dev eth0 ", TestGuest.ask(machine, "net"));
            assertTrue(TestGuest.readLine(machine).startsWith("10.0.2.0/24 dev eth0 "));
            TestGuest.say(machine, "dial 192.0.2.1 " + server.getLocalPort());
            try (Socket peer = server.accept()) {
                machine.pause();
                NetworkPoint point = network[0].halt();
                assertThrows(SocketException.class, () -> peer.getInputStream().read());
                network[0].goOn(point);
                machine.resume();
                assertEquals("ended 1", TestGuest.readLine(machine));
            }
        }
    }
}
