package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.microvm.FunctionStart.Template;
import io.runnel.exec.microvm.TestPeers.End;
import io.runnel.exec.microvm.TestPeers.TestPeer;
import io.runnel.exec.network.NetworkPoint;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Connections of guests that are halted or go on from a snapshot (US11943093), between two real
 * kernels: that of the guest and that of this computer. Nothing of the guest's takes part.
 */
final class ConnectionRecoveryIT {
    /** Linux's ECONNRESET. */
    private static final String RESET = "error 104";

    private static final int GUEST_PORT = 7000;

    private static TestNetworks networks;
    private static TestPeers peersOfTemplate;
    private static Template template;
    private static TestPeer peerOfTemplate;

    private TestPeers peers;

    @BeforeAll
    static void boot(@TempDir Path folder) throws Exception {
        networks = new TestNetworks(folder);
        peersOfTemplate = new TestPeers();
        template = networks.template(peersOfTemplate.port());
        peerOfTemplate = peersOfTemplate.next().reading();
    }

    @AfterAll
    static void end() throws IOException {
        peersOfTemplate.close();
        networks.close();
    }

    @BeforeEach
    void listen() throws IOException {
        peers = new TestPeers();
    }

    @AfterEach
    void close() throws IOException {
        peers.close();
    }

    private static LiveFunction restored() throws Exception {
        return networks.restore(template, peersOfTemplate.port());
    }

    private String dial() {
        return "dial %s %d".formatted(TestNetworks.PEER, peers.port());
    }

    private int dialed(LiveFunction guest) throws Exception {
        return TestNetworks.descriptor(TestNetworks.one(guest, dial()));
    }

    private static NetworkPoint halted(LiveFunction guest) throws IOException {
        guest.machine().pause();
        return guest.network().halt();
    }

    private static void goOn(LiveFunction guest, NetworkPoint point) throws IOException {
        guest.network().goOn(point);
        guest.machine().resume();
    }

    private void assertTalks(LiveFunction guest) throws Exception {
        int end = dialed(guest);
        TestPeer peer = peers.next();
        TestNetworks.one(guest, "send %d again".formatted(end));
        assertArrayEquals("again".getBytes(UTF_8), peer.hear(5));
        TestNetworks.one(guest, "close " + end);
    }

    /** Where no number was guessed wrong, no kernel has asked back. */
    private static void assertNeverAsked(LiveFunction guest) throws Exception {
        assertEquals("0", TestNetworks.one(guest, "total TCPChallengeACK"));
    }

    @Test
    void bothSidesOfAnIdleConnectionAreToldAndAnotherOneWorksEachTime() throws Exception {
        try (LiveFunction guest = restored()) {
            for (int cycle = 0; cycle < 2; cycle++) {
                int end = dialed(guest);
                TestPeer peer = peers.next().reading();
                TestNetworks.one(guest, "read " + end);
                NetworkPoint point = halted(guest);
                assertEquals(End.RESET, peer.end(), "while the guest stands still");
                goOn(guest, point);
                assertEquals(RESET + " after 0", TestNetworks.one(guest, "ended " + end));
                assertTalks(guest);
            }
            assertNeverAsked(guest);
        }
    }

    @Test
    void whatAFunctionHeldWhenItsSnapshotWasTakenEndsInEachOfItsClones() throws Exception {
        assertEquals(End.RESET, peerOfTemplate.end());
        List<LiveFunction> clones = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clones.add(restored());
            }
            for (LiveFunction clone : clones) {
                assertEquals(RESET + " after 0", TestNetworks.one(clone, "ended 3"));
                assertTalks(clone);
                assertNeverAsked(clone);
            }
        } finally {
            clones.forEach(LiveFunction::close);
        }
    }

    @Test
    void nobodyWaitsForTheRestOfWhatWasOnItsWay() throws Exception {
        try (LiveFunction guest = restored()) {
            int reads = dialed(guest);
            TestPeer writer = peers.next().reading().writing();
            int writes = dialed(guest);
            TestPeer reader = peers.next().reading();
            TestNetworks.ask(guest, "read " + reads, "write " + writes);
            reader.await(4_000_000, 0);
            writer.await(0, 4_000_000);
            NetworkPoint point = halted(guest);
            assertEquals(End.RESET, writer.end());
            assertEquals(End.RESET, reader.end());
            goOn(guest, point);
            List<String> ends = TestNetworks.ask(guest, "ended " + reads, "ended " + writes);
            for (String end : ends) {
                assertTrue(end.startsWith(RESET + " after "), ends.toString());
            }
            long read = Long.parseLong(ends.getFirst().substring(RESET.length() + 7));
            assertTrue(read <= writer.sent() + 64 * 1024, read + " of " + writer.sent());
            assertTalks(guest);
        }
    }

    @Test
    void otherGuestsAndTheirConnectionsAreLeftAlone() throws Exception {
        try (LiveFunction halted = restored();
                LiveFunction other = restored()) {
            int end = dialed(other);
            TestPeer peer = peers.next();
            dialed(halted);
            TestPeer gone = peers.next().reading();
            NetworkPoint point = halted(halted);
            assertEquals(End.RESET, gone.end());
            TestNetworks.one(other, "send %d still".formatted(end));
            assertArrayEquals("still".getBytes(UTF_8), peer.hear(5));
            goOn(halted, point);
            peer.say("here".getBytes(UTF_8));
            assertEquals("got here", TestNetworks.one(other, "receive " + end));
        }
    }

    /** Connections that others have opened to a port of the guest's. */
    private static List<TestPeer> clients(LiveFunction guest, int count) throws IOException {
        List<TestPeer> clients = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket();
                socket.connect(server.getLocalAddress());
                guest.network().bring(server.accept(), GUEST_PORT);
                clients.add(new TestPeer(socket));
            }
        }
        return clients;
    }

    private static List<String> repeated(String command, int count) {
        return new ArrayList<>(Collections.nCopies(count, command));
    }

    private static List<String> ask(LiveFunction guest, List<String> commands) throws Exception {
        return TestNetworks.ask(guest, commands.toArray(String[]::new));
    }

    @Test
    void aGuestWithManyConnectionsLosesAllOfThemAndListensOn() throws Exception {
        try (LiveFunction guest = restored()) {
            int listener = TestNetworks.descriptor(TestNetworks.one(guest, "listen " + GUEST_PORT));
            List<TestPeer> all = clients(guest, 250);
            List<String> ends = new ArrayList<>(ask(guest, repeated("accept " + listener, 250)));
            ends.addAll(ask(guest, repeated(dial(), 250)));
            for (int i = 0; i < 250; i++) {
                all.add(peers.next());
            }
            assertEquals(500, guest.network().connections());
            all.forEach(TestPeer::reading);
            NetworkPoint point = halted(guest);
            for (TestPeer peer : all) {
                assertEquals(End.RESET, peer.end());
            }
            assertEquals(500, point.flows().size());
            goOn(guest, point);
            List<String> receive =
                    ends.stream().map(end -> "receive " + TestNetworks.descriptor(end)).toList();
            assertEquals(repeated(RESET, 500), ask(guest, receive));
            List<String> close =
                    ends.stream().map(end -> "close " + TestNetworks.descriptor(end)).toList();
            ask(guest, close);
            TestPeer next = clients(guest, 1).getFirst();
            int taken = TestNetworks.descriptor(TestNetworks.one(guest, "accept " + listener));
            next.say("hello".getBytes(UTF_8));
            assertEquals("got hello", TestNetworks.one(guest, "receive " + taken));
            assertTalks(guest);
            assertNeverAsked(guest);
        }
    }

    @Test
    void connectionsThatAreHalfClosedEndToo() throws Exception {
        try (LiveFunction guest = restored()) {
            int guestDone = dialed(guest);
            TestPeer first = peers.next().reading();
            int peerDone = dialed(guest);
            TestPeer second = peers.next();
            TestNetworks.one(guest, "finish " + guestDone);
            assertEquals(End.FINISHED, first.end());
            second.finish();
            assertEquals("end", TestNetworks.one(guest, "receive " + peerDone));
            NetworkPoint point = halted(guest);
            assertEquals(2, point.flows().size());
            assertEquals(End.RESET, second.reading().end());
            goOn(guest, point);
            assertEquals(
                    List.of(RESET, "error 32"),
                    TestNetworks.ask(
                            guest, "receive " + guestDone, "send %d x".formatted(peerDone)));
        }
    }

    @Test
    void whoTakesNothingLosesItsConnectionAsWell() throws Exception {
        try (LiveFunction guest = restored()) {
            int full = dialed(guest);
            TestPeer writer = peers.next().writing();
            long before = -1;
            while (before != writer.sent()) {
                before = writer.sent();
                // A round trip through the guest: what it has room for has come by then.
                TestNetworks.ask(
                        guest, repeated("total TCPChallengeACK", 50).toArray(String[]::new));
            }
            NetworkPoint point = halted(guest);
            assertEquals(End.RESET, writer.reading().end());
            goOn(guest, point);
            TestNetworks.one(guest, "read " + full);
            String end = TestNetworks.one(guest, "ended " + full);
            assertTrue(end.startsWith(RESET + " after "), end);
            assertFalse(end.endsWith(" after 0"), end);
        }
    }

    @Test
    void whenAMachineEndsItsPeersAreTold() throws Exception {
        TestPeer peer;
        try (LiveFunction guest = restored()) {
            dialed(guest);
            peer = peers.next().reading();
        }
        assertEquals(End.RESET, peer.end());
    }
}
