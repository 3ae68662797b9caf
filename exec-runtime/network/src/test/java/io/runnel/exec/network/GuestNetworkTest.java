package io.runnel.exec.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.network.tcp.ByteBudget;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.FlowPoint;
import io.runnel.exec.network.tcp.TcpFlow;
import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.FrameWriter.TcpHead;
import io.runnel.exec.network.wire.Ipv4Packet;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.TcpSegment;
import io.runnel.exec.network.wire.UdpDatagram;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** The host's end with real peers, against a guest that says whatever the test wants. */
final class GuestNetworkTest {
    private static final int LOOPBACK = 0x7f000001;
    private static final NetworkSettings SETTINGS =
            new NetworkSettings(
                    40, 10, 4, 1L << 40, Duration.ofSeconds(20), Duration.ofSeconds(20));

    /** Loopback by its address, and a name for it. */
    private static final class Here implements Destinations {
        @Override
        public boolean knows(String name) {
            return name.equals("here.test");
        }

        @Override
        public boolean allows(String name, int port) {
            return name.equals("127.0.0.1") || name.equals("here.test");
        }

        @Override
        public List<InetAddress> addresses(String name) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    private FakeGuest guest;
    private GuestNetwork network;
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        guest = new FakeGuest();
        network = GuestNetwork.open(guest.host(), new Here(), SETTINGS, NetworkPoint.NONE);
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        guest.close();
        server.close();
    }

    private FakeGuest.End dialed(int guestPort) throws IOException {
        FakeGuest.End end = guest.new End(guestPort, LOOPBACK, server.getLocalPort());
        end.open();
        return end;
    }

    private static void assertIsReset(Socket peer) throws SocketException {
        peer.setSoTimeout(20_000);
        assertThrows(SocketException.class, () -> peer.getInputStream().read());
    }

    @Test
    void bytesGoBothWaysAndBothSidesFinish() throws Exception {
        FakeGuest.End end = dialed(5000);
        try (Socket peer = server.accept()) {
            end.say("hello".getBytes(UTF_8));
            assertEquals("hello", new String(peer.getInputStream().readNBytes(5), UTF_8));
            peer.getOutputStream().write("there".getBytes(UTF_8));
            assertEquals("there", new String(end.hear(5), UTF_8));
            end.finish();
            assertEquals(-1, peer.getInputStream().read());
            peer.shutdownOutput();
            end.pump(TcpFlow::isFinished);
        }
    }

    @Test
    void whenTheGuestIsHaltedPeersAreToldAndTheGuestWhenItGoesOn() throws Exception {
        List<FakeGuest.End> ends = new ArrayList<>();
        List<Socket> peers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ends.add(dialed(5000 + i));
            peers.add(server.accept());
            peers.get(i).getOutputStream().write(new byte[1000 * i]);
            ends.get(i).say(new byte[10 * i]);
            ends.get(i).hear(1000 * i);
            peers.get(i).getInputStream().readNBytes(10 * i);
        }
        NetworkPoint point = network.halt();
        for (Socket peer : peers) {
            assertIsReset(peer);
            peer.close();
        }
        assertEquals(0, network.connections());
        network.goOn(point);
        int told = 0;
        while (told < 5) {
            TcpSegment segment = guest.hearSegment();
            FakeGuest.End end = ends.get(segment.destinationPort() - 5000);
            if (segment.has(TcpSegment.RST)) {
                int expected = end.flow().point().orElseThrow().fromGuest();
                assertEquals(expected, segment.sequence(), "the number that it waits for");
                told++;
            }
            // What is not a reset was on its way before.
            end.flow().accept(segment, 1);
            assertEquals(segment.has(TcpSegment.RST), end.flow().isClosed());
        }
    }

    @Test
    void whoGoesOnFromASnapshotIsToldBeforeAnythingElse() throws Exception {
        NetworkPoint point =
                new NetworkPoint(
                        List.of(
                                new FlowPoint(new FlowKey(1, 2, 3), 100, 200),
                                new FlowPoint(new FlowKey(4, 5, 6), 300, 400)),
                        List.of("a.test", "here.test"));
        try (FakeGuest other = new FakeGuest();
                GuestNetwork resumed =
                        GuestNetwork.open(other.host(), new Here(), SETTINGS, point)) {
            assertEquals(100, other.hearSegment().sequence());
            TcpSegment second = other.hearSegment();
            assertEquals(300, second.sequence());
            assertEquals(400, second.acknowledgment());
            // Its names have the addresses that they had.
            FakeGuest.End end = other.new End(5000, 0xc6120101, server.getLocalPort());
            end.open();
            assertEquals(1, resumed.connections());
        }
    }

    @Test
    void aSegmentOfNoConnectionIsAnsweredWithTheNumberThatItWaitsFor() throws Exception {
        ByteBuffer out = ByteBuffer.allocate(1000);
        new FrameWriter(out)
                .tcp(
                        new TcpHead(LOOPBACK, 5000, 80, 11, 22, TcpSegment.ACK, 1000),
                        into -> into.put(new byte[33]));
        FakeGuest.fromGuest(out, 0);
        guest.send(out.flip());
        TcpSegment reset = guest.hearSegment();
        assertTrue(reset.has(TcpSegment.RST));
        assertEquals(22, reset.sequence());
    }

    @Test
    void whatIsNotAllowedIsUnreachable() throws Exception {
        guest.new End(5000, 0x08080808, 53);
        Ipv4Packet told = guest.hearPacket();
        assertEquals(Ipv4Packet.ICMP, told.protocol());
        assertEquals(3, told.payload().get(0));
        assertEquals(13, told.payload().get(1));
        assertEquals(0x08080808, told.payload().getInt(8 + 16), "of which packet");
        assertEquals(List.of("reach 8.8.8.8:53"), network.refusals());
    }

    private ByteBuffer datagram(int to, int fromPort, int toPort, String hex) {
        ByteBuffer payload = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        ByteBuffer out = ByteBuffer.allocate(2000);
        new FrameWriter(out).udp(to, fromPort, toPort, payload);
        FakeGuest.fromGuest(out, 0);
        return out.flip();
    }

    @Test
    void namesHaveAddressesOfThisNetwork() throws Exception {
        String question = "046865726504746573740000010001";
        guest.send(datagram(Lan.NAMES, 5000, 53, "beef01000001000000000000" + question));
        UdpDatagram answer = UdpDatagram.parse(guest.hearPacket()).orElseThrow();
        byte[] bytes = new byte[answer.payload().remaining()];
        answer.payload().get(bytes);
        assertEquals(
                "beef81800001000100000000" + question + "c00c000100010000001e0004c6120100",
                HexFormat.of().formatHex(bytes));
    }

    @Test
    void whoHasTheAddressOfTheGatewayIsTold() throws Exception {
        String asks =
                "0000002affffffffffff02524e00000f0806"
                        + "000108000604000102524e00000f0a00020f0000000000000a000202";
        guest.send(ByteBuffer.wrap(HexFormat.of().parseHex(asks)));
        ByteBuffer reply = guest.hear();
        assertEquals(2, reply.getShort(Lan.ETHERNET_BYTES + 6));
        assertEquals(Lan.GATEWAY, reply.getInt(Lan.ETHERNET_BYTES + 14));
    }

    @Test
    void garbageHarmsNobody() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        FakeGuest.End end = dialed(5000);
        try (Socket peer = server.accept()) {
            for (int i = 0; i < 3000; i++) {
                byte[] frame = new byte[random.nextInt(200)];
                random.nextBytes(frame);
                if (frame.length > 16 && random.nextBoolean()) {
                    frame[12] = 8;
                    frame[13] = (byte) (random.nextBoolean() ? 0 : 6);
                    frame[14] = 0x45;
                }
                ByteBuffer out = ByteBuffer.allocate(4 + frame.length);
                guest.send(out.putInt(frame.length).put(frame).flip());
            }
            end.say("still".getBytes(UTF_8));
            assertEquals("still", new String(peer.getInputStream().readNBytes(5), UTF_8));
            assertEquals(1, network.connections());
        }
    }

    @Test
    void aFrameThatIsTooLongEndsTheNetwork() throws Exception {
        FakeGuest.End end = dialed(5000);
        try (Socket peer = server.accept()) {
            guest.send(ByteBuffer.allocate(4).putInt(Lan.MOST_FRAME_BYTES + 1).flip());
            assertIsReset(peer);
            assertThrows(EOFException.class, () -> end.pump(TcpFlow::isClosed));
        }
    }

    @Test
    void thereAreNotMoreConnectionsThanThereMayBe() throws Exception {
        for (int i = 0; i < SETTINGS.connections(); i++) {
            dialed(5000 + i);
        }
        guest.new End(6000, LOOPBACK, server.getLocalPort());
        // The network has read that one when it answers this one.
        guest.send(datagram(Lan.GATEWAY, 1, 2, "00"));
        assertEquals(Ipv4Packet.ICMP, guest.hearPacket().protocol());
        assertEquals(SETTINGS.connections(), network.connections());
    }

    @Test
    void aConnectionCanBeBroughtToAPortOfTheGuests() throws Exception {
        try (ServerSocketChannel taking = ServerSocketChannel.open()) {
            taking.bind(new InetSocketAddress(server.getInetAddress(), 0));
            try (Socket caller =
                    new Socket(server.getInetAddress(), taking.socket().getLocalPort())) {
                network.bring(taking.accept(), 7000);
                TcpSegment syn = guest.hearSegment();
                assertEquals(7000, syn.destinationPort());
                FlowKey key = new FlowKey(syn.sourcePort(), Lan.GATEWAY, 7000);
                TcpFlow end = new TcpFlow(key, syn, 99, 1 << 16, new ByteBudget(1 << 20));
                end.connected();
                guest.send(FakeGuest.frames(end));
                end.accept(guest.hearSegment(), 1);
                assertEquals(TcpFlow.Phase.OPEN, end.phase());
                end.fromPeer(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                guest.send(FakeGuest.frames(end));
                assertArrayEquals(new byte[] {1, 2, 3}, caller.getInputStream().readNBytes(3));
            }
        }
    }
}
