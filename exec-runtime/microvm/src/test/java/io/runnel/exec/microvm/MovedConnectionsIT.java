package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.microvm.TestPeers.End;
import io.runnel.exec.microvm.TestPeers.TestPeer;
import io.runnel.exec.microvm.guest.MovePoint;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.network.NetworkPoint;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Connections of guests that are moved to another node's machines (US11943093): the peer hears of
 * the end from the first, the guest from the second. Between real kernels.
 */
final class MovedConnectionsIT {
    /** Linux's ECONNRESET. */
    private static final String RESET = "error 104";

    private static TestNetworks here;
    private static TestNetworks there;

    private TestPeers peers;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        here = new TestNetworks(Files.createDirectory(folder.resolve("a")));
        there = new TestNetworks(Files.createDirectory(folder.resolve("b")));
    }

    @AfterAll
    static void end() throws IOException {
        here.close();
        there.close();
    }

    @BeforeEach
    void listen() throws IOException {
        peers = new TestPeers();
    }

    @AfterEach
    void close() throws IOException {
        peers.close();
    }

    private int dialed(LiveFunction guest) throws Exception {
        return TestNetworks.descriptor(
                TestNetworks.one(guest, "dial %s %d".formatted(TestNetworks.PEER, peers.port())));
    }

    private static LiveFunction moved(LiveFunction guest) throws Exception {
        MovePoint point =
                guest.channel()
                        .hold(System.nanoTime() + TimeUnit.SECONDS.toNanos(30))
                        .orElseThrow();
        PipedOutputStream out = new PipedOutputStream();
        try (PipedInputStream in = new PipedInputStream(out, 1 << 16)) {
            CompletableFuture<Machine> came =
                    CompletableFuture.supplyAsync(() -> receive(in), Thread::startVirtualThread);
            guest.machine().send(out);
            out.close();
            Machine machine = came.get(60, TimeUnit.SECONDS);
            NetworkPoint network = guest.network().halt();
            assertTrue(guest.channel().moved());
            guest.close();
            return there.goOn(machine, point, network);
        }
    }

    private static Machine receive(PipedInputStream in) {
        try {
            return there.receive(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bothSidesAreToldAndTheGuestGoesOnWithNewConnections() throws Exception {
        LiveFunction guest = here.boot();
        List<TestPeer> held = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ends.add(dialed(guest));
            held.add(peers.next().reading());
        }
        TestNetworks.one(guest, "read " + ends.getFirst());
        TestPeer writer = held.getLast().writing();
        writer.await(0, 1);
        try (LiveFunction there = moved(guest)) {
            for (TestPeer peer : held) {
                assertEquals(End.RESET, peer.end());
            }
            assertEquals(RESET + " after 0", TestNetworks.one(there, "ended " + ends.getFirst()));
            assertEquals("0", TestNetworks.one(there, "total TCPChallengeACK"));
            int fresh = dialed(there);
            TestPeer peer = peers.next();
            TestNetworks.one(there, "send %d again".formatted(fresh));
            assertArrayEquals("again".getBytes(UTF_8), peer.hear(5));
        }
    }
}
