package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.microvm.TestPeers.End;
import io.runnel.exec.microvm.TestPeers.TestPeer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What a guest reaches of the world, and what not. */
final class NetworkIT {
    private static TestNetworks networks;
    private static TestPeers peers;
    private static LiveFunction guest;

    @BeforeAll
    static void boot(@TempDir Path folder) throws Exception {
        networks = new TestNetworks(folder);
        peers = new TestPeers();
        guest = networks.boot();
    }

    @AfterAll
    static void end() throws Exception {
        guest.close();
        peers.close();
        networks.close();
    }

    private static int dialed() throws Exception {
        String dial = "dial %s %d".formatted(TestNetworks.PEER, peers.port());
        return TestNetworks.descriptor(TestNetworks.one(guest, dial));
    }

    @Test
    void whatIsSentComesBackWholeAndBothSidesFinish() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        byte[] bytes = new byte[3_000_000];
        new Random(seed).nextBytes(bytes);
        int end = dialed();
        TestPeer peer = peers.next();
        TestNetworks.one(guest, "echo " + end);
        Thread sender =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        peer.say(bytes);
                                        peer.finish();
                                    } catch (java.io.IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        assertArrayEquals(bytes, peer.hear(bytes.length));
        sender.join();
        assertEquals(End.FINISHED, peer.reading().end());
        assertEquals("end after " + bytes.length, TestNetworks.one(guest, "ended " + end));
    }

    @Test
    void aConnectionThatIsClosedIsForgotten() throws Exception {
        int before = guest.network().connections();
        int end = dialed();
        TestPeer peer = peers.next().reading();
        assertEquals(before + 1, guest.network().connections());
        TestNetworks.one(guest, "close " + end);
        assertEquals(End.FINISHED, peer.end());
        peer.finish();
        while (guest.network().connections() > before) {
            Thread.onSpinWait();
        }
    }

    @Test
    void datagramsGoThereAndBack() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                                    socket.receive(packet);
                                    socket.send(packet);
                                } catch (java.io.IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            assertEquals(
                    "got hello there",
                    TestNetworks.one(
                            guest,
                            "datagram %s %d hello there"
                                    .formatted(TestNetworks.PEER, socket.getLocalPort())));
        }
    }

    @Test
    void whatIsNotAllowedIsRefusedAtOnceAndTold() throws Exception {
        var unused = guest.network().refusals();
        assertEquals(
                List.of(
                        "unknown -2",
                        "unknown -2",
                        "error 113",
                        "error 113",
                        "error 113",
                        "error 113",
                        "error 113"),
                TestNetworks.ask(
                        guest,
                        "dial gone.test 80",
                        "dial other.example 80",
                        "dial %s 80".formatted(TestNetworks.PEER),
                        "dial 10.1.2.3 99",
                        "dial 10.0.2.2 22",
                        "dial 169.254.169.254 80",
                        "datagram 10.1.2.3 99 x"));
        assertEquals(
                List.of(
                        "look up other.example",
                        "reach peer.test:80",
                        "reach 10.1.2.3:99",
                        "reach 10.0.2.2:22",
                        "reach 169.254.169.254:80"),
                guest.network().refusals());
        assertEquals(List.of(), guest.network().refusals());
    }

    @Test
    void whoIsNotThereRefuses() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertEquals(
                List.of("error 111", "error 111"),
                TestNetworks.ask(
                        guest,
                        "dial %s %d".formatted(TestNetworks.PEER, port),
                        "datagram %s %d x".formatted(TestNetworks.PEER, port)));
    }

    @Test
    void whatThePeerResetsIsResetInTheGuest() throws Exception {
        int end = dialed();
        TestPeer peer = peers.next();
        TestNetworks.one(guest, "read " + end);
        peer.reset();
        assertEquals("error 104 after 0", TestNetworks.one(guest, "ended " + end));
    }

    @Test
    void whatTheGuestSaysIsHeard() throws Exception {
        int end = dialed();
        TestPeer peer = peers.next();
        assertEquals("sent", TestNetworks.one(guest, "send %d hello".formatted(end)));
        assertArrayEquals("hello".getBytes(UTF_8), peer.hear(5));
    }
}
