package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/** A users' listener over TLS, and clients that know the network's root and nothing else of us. */
class UserTlsIT {
    private static final int LARGE = 6 << 20;

    /** As many calls run at once here. */
    private static final int SLOTS = 2;

    /** GET, https, /fn/demo/flood and a, as HPACK has them. */
    private static final byte[] FLOOD =
            ByteBuffer.allocate(21)
                    .put(new byte[] {(byte) 0x82, (byte) 0x87, 0x04, 14})
                    .put("/fn/demo/flood".getBytes(StandardCharsets.US_ASCII))
                    .put(new byte[] {0x01, 1, 'a'})
                    .array();

    @TempDir Path folder;
    private SecuredNode node;
    private EdgeFixture edge;

    @BeforeEach
    void start() throws Exception {
        node = new SecuredNode();
        edge = new EdgeFixture(folder, ListenerSettings.at("127.0.0.1", 0).withSecurity(node));
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private HttpClient client(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(node.client())
                .version(version)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    private HttpRequest.Builder to(String host, String path) {
        return HttpRequest.newBuilder(
                        URI.create("https://%s:%d%s".formatted(host, edge.port(), path)))
                .timeout(Duration.ofSeconds(60));
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void bothVersionsOfHttpAreSpokenAndTheHostsNameIsVerified() throws Exception {
        for (HttpClient.Version version :
                List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
            try (HttpClient client = client(version)) {
                HttpResponse<String> answer =
                        client.send(
                                to("127.0.0.1", "/fn/demo/hello").build(), BodyHandlers.ofString());
                assertEquals("hello", answer.body());
                assertEquals(version, answer.version());
                assertEquals(
                        "hello",
                        client.send(
                                        to("localhost", "/fn/demo/hello").build(),
                                        BodyHandlers.ofString())
                                .body());
            }
        }
        assertThrows(
                SSLHandshakeException.class,
                () -> node.client(socket(), "127.0.0.2", "http/1.1").close());
    }

    @Test
    void theTwoNewestVersionsOfTlsAreSpoken() throws Exception {
        for (String version : List.of("TLSv1.3", "TLSv1.2")) {
            try (SSLSocket socket = node.client(socket(), "127.0.0.1", "http/1.1", version)) {
                assertEquals(version, socket.getSession().getProtocol());
                assertTrue(
                        socket.getSession().getCipherSuite().contains("GCM"),
                        socket.getSession().getCipherSuite());
                assertEquals("http/1.1", socket.getApplicationProtocol());
            }
        }
    }

    /** This Java's own clients speak it neither. */
    @Test
    void anOlderVersionIsRefused() throws Exception {
        assertArrayEquals(new byte[] {2, 70}, alert(0x0301), "TLS 1.0: protocol version");
        assertArrayEquals(new byte[] {2, 70}, alert(0x0302), "TLS 1.1: protocol version");
    }

    private byte[] alert(int version) throws IOException {
        byte[] hello =
                ByteBuffer.allocate(11 + 32 + 6)
                        .put((byte) 22)
                        .putShort((short) 0x0301)
                        .putShort((short) 44)
                        .put((byte) 1)
                        .put((byte) 0)
                        .putShort((short) 40)
                        .putShort((short) version)
                        .put(new byte[32])
                        .put((byte) 0)
                        .putShort((short) 2)
                        .putShort((short) 0xc009)
                        .put((byte) 1)
                        .array();
        // One method of compression, which is none.
        byte[] whole = ByteBuffer.allocate(hello.length + 1).put(hello).put((byte) 0).array();
        whole[4] = (byte) (whole.length - 5);
        whole[8] = (byte) (whole.length - 9);
        try (Socket socket = socket()) {
            socket.getOutputStream().write(whole);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertEquals(21, in.readUnsignedByte(), "an alert");
            in.readUnsignedShort();
            byte[] alert = new byte[in.readUnsignedShort()];
            in.readFully(alert);
            return alert;
        }
    }

    @Test
    void whoSpeaksInClearTextIsToldSo() throws Exception {
        try (RawClient client = edge.client()) {
            RawClient.Response answer =
                    client.send("GET /fn/demo/hello HTTP/1.1\r\nHost: test\r\n\r\n").receive();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("https://"), answer.body());
            assertTrue(client.isClosed());
        }
        edge.awaitConnections(0);
    }

    @Test
    void whatIsRenewedIsShownFromTheNextConnectionOnAndBreaksNone() throws Exception {
        try (SSLSocket before = node.client(socket(), "127.0.0.1", "http/1.1")) {
            Certificate first = before.getSession().getPeerCertificates()[0];
            assertEquals(200, get(before));
            node.renew();
            assertEquals(200, get(before));
            try (SSLSocket after = node.client(socket(), "127.0.0.1", "http/1.1")) {
                assertNotEquals(first, after.getSession().getPeerCertificates()[0]);
                assertEquals(200, get(after));
            }
            assertEquals(200, get(before));
        }
    }

    private static int get(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(
                        "GET /fn/demo/hello HTTP/1.1\r\nHost: test\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\nhello") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    /** As a node that is stopped: what runs ends, over either version of HTTP. */
    @Test
    void aDrainLetsWhatRunsEnd() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        edge.deploy(
                "wait",
                (call, in, out, log) -> {
                    go.await();
                    EdgeFixture.say(out, Guests.PLAIN + "waited");
                    return 0;
                });
        try (HttpClient one = client(HttpClient.Version.HTTP_1_1);
                HttpClient two = client(HttpClient.Version.HTTP_2)) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (HttpClient client : List.of(one, two)) {
                answers.add(
                        client.sendAsync(
                                to("127.0.0.1", "/fn/demo/wait").build(), BodyHandlers.ofString()));
            }
            edge.awaitInFlight(2);
            Future<Void> drained = edge.listener.drain(Duration.ofSeconds(20));
            assertThrows(IOException.class, () -> whileItListens());
            go.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertEquals("waited", answer.get(20, TimeUnit.SECONDS).body());
            }
            EdgeFixture.await(drained);
            assertEquals(0, edge.listener.connections());
        }
    }

    private void whileItListens() throws IOException {
        while (true) {
            socket().close();
        }
    }

    /** It tells more than a connection that breaks. */
    @Test
    void aNodeThatIsNobodyShowsWhatNobodyBelieves() throws Exception {
        node.lose();
        SSLException refused =
                assertThrows(
                        SSLException.class,
                        () -> node.client(socket(), "127.0.0.1", "http/1.1").close());
        assertTrue(refused.getMessage().contains("PKIX"), refused.getMessage());
        node.renew();
        node.client(socket(), "127.0.0.1", "http/1.1").close();
    }

    /** More than a connection holds, in both directions, for as many calls as may run. */
    @Test
    void largeBodiesOfSeveralCallsComeWhole() throws Exception {
        edge.deploy("echo", Guests.echo());
        byte[] body = new byte[LARGE];
        new Random(7).nextBytes(body);
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            for (int round = 0; round < 4; round++) {
                List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
                for (int i = 0; i < SLOTS; i++) {
                    HttpRequest request =
                            to("127.0.0.1", "/fn/demo/echo")
                                    .POST(BodyPublishers.ofByteArray(body))
                                    .build();
                    answers.add(client.sendAsync(request, BodyHandlers.ofByteArray()));
                }
                for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
                    HttpResponse<byte[]> came = answer.get(60, TimeUnit.SECONDS);
                    assertEquals(
                            200,
                            came.statusCode(),
                            () -> new String(came.body(), StandardCharsets.UTF_8));
                    assertArrayEquals(body, came.body());
                }
            }
        }
        edge.awaitQuiet();
    }

    /** Its windows are as large as they may be: only the writer bounds what waits for it. */
    @Test
    void aSlowReaderFillsNoMemoryWhateverItAllows() throws Exception {
        AtomicLong written = new AtomicLong();
        Limits large =
                new Limits(
                        ByteSize.ofMiB(64),
                        Duration.ofSeconds(10),
                        ByteSize.ofMiB(1),
                        ByteSize.ofMiB(1024),
                        ByteSize.ofKiB(512),
                        ByteSize.ofKiB(64));
        edge.deploy(
                "flood",
                HandlerKind.HTTP,
                large,
                (call, in, out, log) -> Guests.flood(out, written));
        try (SSLSocket socket = node.client(narrow(), "127.0.0.1", "h2")) {
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // The window of each stream, then the connection's, then the call.
            out.write(frame(4, 0, 0, new byte[] {0, 4, 0x7f, -1, -1, -1}));
            out.write(frame(8, 0, 0, new byte[] {0x7f, -1, 0, 0}));
            out.write(frame(1, 5, 1, FLOOD));
            out.flush();
            assertTrue(socket.getInputStream().read() >= 0);
            assertTrue(
                    CallEndIT.awaitStill(written) < WideRoom.MOST_BYTES + (4 << 20),
                    "written: " + written);
        }
        assertTrue(edge.nextEnd() instanceof Outcome.Cancelled);
    }

    private Socket narrow() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }
}
