package io.runnel.chaos.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.Bandwidth;
import eu.rekawek.toxiproxy.model.toxic.Latency;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The fault proxy as Toxiproxy's own client sees it. */
final class FaultProxyIT {
    private static final long SEED = 42;
    private static final int DEADLINE_MS = 20_000;

    private EchoServer echo;
    private FaultProxy faults;
    private ToxiproxyClient client;

    @BeforeEach
    void start() throws IOException {
        echo = EchoServer.start();
        faults = start(SEED);
        client = new ToxiproxyClient("127.0.0.1", faults.address().getPort());
    }

    private static FaultProxy start(long seed) throws IOException {
        return FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), seed);
    }

    @AfterEach
    void stop() throws IOException {
        faults.close();
        echo.close();
    }

    @Test
    void passesBytesBothWaysAndTheEndOfEach() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        try (Socket socket = connect(proxy)) {
            byte[] sent = new byte[3 << 20];
            new Random(SEED).nextBytes(sent);
            Thread.ofVirtual().start(() -> writeAndEnd(socket, sent));
            byte[] got = socket.getInputStream().readAllBytes();
            assertTrue(Arrays.equals(sent, got), "of " + got.length + " bytes");
        }
    }

    @Test
    void proxiesAreCreatedListedChangedDeleted() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        assertEquals("link", proxy.getName());
        assertEquals(echo.address(), proxy.getUpstream());
        assertTrue(proxy.isEnabled());
        assertTrue(portOf(proxy) > 0);
        assertEquals(1, client.getProxies().size());
        assertThrows(
                IOException.class, () -> client.createProxy("link", "127.0.0.1:0", "127.0.0.1:1"));

        try (EchoServer other = EchoServer.start()) {
            proxy.setUpstream(other.address());
            assertEquals(other.address(), client.getProxy("link").getUpstream());
            echo.close();
            assertEquals("moved", roundTrip(proxy, "moved"));
        }

        proxy.delete();
        assertEquals(List.of(), client.getProxies());
        assertThrows(IOException.class, () -> client.getProxy("link"));
    }

    @Test
    void aDisabledProxyRefusesAndComesBackOnItsPort() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        int port = portOf(proxy);
        try (Socket open = connect(proxy)) {
            assertEquals("open", roundTrip(open, "open"));
            proxy.disable();
            assertEquals(-1, open.getInputStream().read());
        }
        assertThrows(ConnectException.class, () -> connect(proxy));
        proxy.enable();
        assertEquals(port, portOf(proxy));
        assertEquals("back", roundTrip(proxy, "back"));
    }

    @Test
    void aDeadServerClosesTheConnection() throws IOException {
        echo.close();
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        try (Socket socket = connect(proxy)) {
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void latencyDelaysOpenConnectionsUntilItIsRemoved() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        try (Socket socket = connect(proxy)) {
            assertEquals("quick", roundTrip(socket, "quick"));
            Latency latency = proxy.toxics().latency("late", ToxicDirection.DOWNSTREAM, 150);
            assertTrue(millisOf(() -> roundTrip(socket, "slow")) >= 150);
            assertEquals(150, proxy.toxics().get("late", Latency.class).getLatency());
            latency.setLatency(1).setJitter(1);
            assertEquals(1, proxy.toxics().get("late", Latency.class).getLatency());
            latency.remove();
            assertEquals(0, proxy.toxics().getAll().size());
            assertEquals("quick again", roundTrip(socket, "quick again"));
        }
    }

    @Test
    void timeoutSwallowsAndItsRemovalCloses() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        try (Socket socket = connect(proxy);
                Socket other = connect(proxy)) {
            assertEquals("a", roundTrip(socket, "a"));
            assertEquals("b", roundTrip(other, "b"));
            var hole = proxy.toxics().timeout("hole", ToxicDirection.UPSTREAM, 0);
            assertSilent(socket);
            hole.remove();
            assertEquals(-1, socket.getInputStream().read());
            assertEquals(-1, other.getInputStream().read());
        }
        proxy.toxics().timeout("short", ToxicDirection.DOWNSTREAM, 50);
        // From before the connection: the proxy's time begins when it takes it.
        assertTrue(millisOf(() -> endOf(connect(proxy))) >= 45);
    }

    @Test
    void resetPeerResets() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        try (Socket socket = connect(proxy)) {
            assertEquals("a", roundTrip(socket, "a"));
            proxy.toxics().resetPeer("reset", ToxicDirection.DOWNSTREAM, 0);
            SocketException reset =
                    assertThrows(SocketException.class, () -> socket.getInputStream().read());
            assertTrue(reset.getMessage().contains("reset"), reset.getMessage());
        }
    }

    @Test
    void bandwidthStarvesAndZeroHoldsBack() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        try (Socket socket = connect(proxy)) {
            Bandwidth narrow = proxy.toxics().bandwidth("narrow", ToxicDirection.UPSTREAM, 20);
            assertTrue(millisOf(() -> roundTrip(socket, "x".repeat(4_000))) >= 190);
            narrow.setRate(0);
            assertSilent(socket);
            narrow.remove();
            assertEquals("held", read(socket, 4));
        }
    }

    @Test
    void slicerSlowCloseAndLimitDataDoAsTheySay() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        proxy.toxics().slicer("thin", ToxicDirection.UPSTREAM, 10, 1_000).setSizeVariation(3);
        assertEquals("y".repeat(500), roundTrip(proxy, "y".repeat(500)));
        proxy.toxics().get("thin").remove();

        proxy.toxics().slowClose("slow", ToxicDirection.DOWNSTREAM, 120);
        try (Socket socket = connect(proxy)) {
            assertTrue(millisOf(() -> endAfterOurs(socket)) >= 115);
        }
        proxy.toxics().get("slow").remove();

        proxy.toxics().limitData("limit", ToxicDirection.DOWNSTREAM, 6);
        try (Socket socket = connect(proxy)) {
            socket.getOutputStream().write("limited".getBytes(US_ASCII));
            assertEquals("limite", read(socket, 7));
        }
    }

    @Test
    void toxicityFollowsTheSeed() throws IOException {
        List<Boolean> first = hits(client, "one");
        try (FaultProxy again = start(SEED)) {
            ToxiproxyClient other = new ToxiproxyClient("127.0.0.1", again.address().getPort());
            assertEquals(first, hits(other, "one"));
            assertTrue(first.contains(true) && first.contains(false), "seed " + SEED + first);
        }
    }

    private List<Boolean> hits(ToxiproxyClient api, String name) throws IOException {
        Proxy proxy = api.createProxy(name, "127.0.0.1:0", echo.address());
        proxy.toxics().limitData("cut", ToxicDirection.DOWNSTREAM, 0).setToxicity(0.5f);
        List<Boolean> hits = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            try (Socket socket = connect(proxy)) {
                socket.getOutputStream().write('x');
                hits.add(socket.getInputStream().read() < 0);
            }
        }
        return hits;
    }

    @Test
    void resetRemovesToxicsAndEnablesAll() throws IOException {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        proxy.toxics().latency("late", ToxicDirection.UPSTREAM, 10_000);
        proxy.disable();
        client.reset();
        assertEquals(0, proxy.toxics().getAll().size());
        assertEquals("ok", roundTrip(proxy, "ok"));
    }

    @Test
    void manyConnectionsAtOnce() throws Exception {
        Proxy proxy = client.createProxy("link", "127.0.0.1:0", echo.address());
        proxy.toxics().latency("late", ToxicDirection.DOWNSTREAM, 50).setJitter(20);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String text = "call " + i;
                answers.add(threads.submit(() -> roundTrip(proxy, text)));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertEquals("call " + i, answers.get(i).get());
            }
        }
    }

    private static void writeAndEnd(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket connect(Proxy proxy) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), portOf(proxy));
        socket.setSoTimeout(DEADLINE_MS);
        return socket;
    }

    private static int portOf(Proxy proxy) {
        String listen = proxy.getListen();
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    private static String roundTrip(Proxy proxy, String text) throws IOException {
        try (Socket socket = connect(proxy)) {
            return roundTrip(socket, text);
        }
    }

    private static String roundTrip(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        return read(socket, text.length());
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), US_ASCII);
    }

    private static String endOf(Socket socket) throws IOException {
        try (socket) {
            return read(socket, 1);
        }
    }

    private static String endAfterOurs(Socket socket) throws IOException {
        socket.shutdownOutput();
        return read(socket, 1);
    }

    /** Sends bytes that get no answer. */
    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> roundTrip(socket, "held"));
        socket.setSoTimeout(DEADLINE_MS);
    }

    private static long millisOf(Callable<?> call) throws IOException {
        long start = System.nanoTime();
        try {
            call.call();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - start) / 1_000_000;
    }
}
