package io.runnel.exec.outbound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundException.Code;
import io.runnel.exec.wasi.OutboundHeader;
import io.runnel.exec.wasi.OutboundRequest;
import io.runnel.exec.wasi.OutboundUrl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests to servers on loopback addresses, by a policy that allows some of these. */
class OutboundClientIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String ONE = "127.0.0.1";
    private static final String TWO = "127.0.0.2";

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final AtomicInteger lookups = new AtomicInteger();
    private List<String> addresses = List.of(ONE);

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        InetAddress[] found = new InetAddress[addresses.size()];
        for (int i = 0; i < found.length; i++) {
            // As a name server's answer it carries the name.
            found[i] =
                    InetAddress.getByAddress(host, Loopback.address(addresses.get(i)).getAddress());
        }
        return found;
    }

    private OutboundClient client(String... allowed) {
        Set<String> all = Set.of(allowed);
        return new OutboundClient(
                vertx,
                address -> all.contains(address.getHostAddress()),
                this::resolve,
                new HttpClientOptions());
    }

    private static OutboundRequest get(int port, String target) {
        return request("GET", port, target, "");
    }

    private static OutboundRequest request(String method, int port, String target, String body) {
        return new OutboundRequest(
                method,
                new OutboundUrl(false, "api.test", port, target),
                List.of(new OutboundHeader("X-A", "b"), new OutboundHeader("X-A", "c")),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] all(OutboundAnswer answer) throws Exception {
        var bytes = new ByteArrayOutputStream();
        byte[] some = new byte[1000];
        int count = answer.read(some, 10, 900, WAIT);
        while (count > 0) {
            bytes.write(some, 10, count);
            count = answer.read(some, 10, 900, WAIT);
        }
        return bytes.toByteArray();
    }

    private static String text(OutboundAnswer answer) throws Exception {
        return new String(all(answer), StandardCharsets.UTF_8);
    }

    private static OutboundException failed(Code code, OutboundClient client, OutboundRequest to) {
        var e = assertThrows(OutboundException.class, () -> client.send(to, WAIT).close());
        assertEquals(code, e.code(), e.getMessage());
        assertFalse(e.getMessage().contains("127.0"), "no address of ours: " + e.getMessage());
        return e;
    }

    @Test
    void aRequestGoesToTheAddressUnderItsName() throws Exception {
        try (Loopback server =
                        Loopback.at(
                                ONE,
                                0,
                                exchange -> {
                                    String body =
                                            new String(
                                                    exchange.getRequestBody().readAllBytes(),
                                                    StandardCharsets.UTF_8);
                                    exchange.getResponseHeaders().add("X-Got", body);
                                    Loopback.answer(
                                            exchange,
                                            201,
                                            exchange.getRequestHeaders().get("X-A") + "");
                                });
                OutboundClient client = client(ONE);
                OutboundAnswer answer =
                        client.send(request("PUT", server.port(), "/p?q=1", "hello"), WAIT)) {
            assertEquals(201, answer.status());
            assertTrue(
                    answer.headers().contains(new OutboundHeader("X-Got", "hello"))
                            || answer.headers().contains(new OutboundHeader("X-got", "hello")),
                    answer.headers()::toString);
            assertEquals("[b, c]", text(answer));
            String asked = server.asked.getFirst();
            assertTrue(
                    asked.startsWith("PUT api.test:%d /p?q=1 from ".formatted(server.port())),
                    asked);
        }
    }

    @Test
    void aLargeBodyComesPieceByPiece() throws Exception {
        byte[] body = new byte[3 << 20];
        new Random(5).nextBytes(body);
        try (Loopback server =
                        Loopback.at(
                                ONE,
                                0,
                                exchange -> {
                                    exchange.sendResponseHeaders(200, 0);
                                    exchange.getResponseBody().write(body);
                                    exchange.close();
                                });
                OutboundClient client = client(ONE);
                OutboundAnswer answer = client.send(get(server.port(), "/"), WAIT)) {
            assertArrayEquals(body, all(answer));
        }
    }

    @Test
    void noNodeOfThisMachineIsReachedWhateverTheNameSays() throws Exception {
        try (Loopback server = Loopback.at(ONE, 0, e -> Loopback.answer(e, 200, "secret"));
                OutboundClient client =
                        new OutboundClient(
                                vertx,
                                AddressPolicy.publicExcept(
                                        new NodeAddresses(List.of(), System::nanoTime)),
                                this::resolve,
                                new HttpClientOptions())) {
            for (String address : List.of(ONE, TWO, "::ffff:127.0.0.1", "::1", "0.0.0.0")) {
                addresses = List.of(address);
                failed(Code.NOT_ALLOWED, client, get(server.port(), "/"));
            }
            assertEquals(List.of(), server.asked);
        }
    }

    @Test
    void aNameThatChangesItsMindIsNotAskedTwice() throws Exception {
        try (Loopback open = Loopback.at(TWO, 0, e -> Loopback.answer(e, 200, "public"));
                Loopback secret =
                        Loopback.at(ONE, open.port(), e -> Loopback.answer(e, 200, "secret"));
                OutboundClient client =
                        new OutboundClient(
                                vertx,
                                address -> {
                                    // From now on the name leads elsewhere.
                                    addresses = List.of(ONE);
                                    return address.getHostAddress().equals(TWO);
                                },
                                this::resolve,
                                new HttpClientOptions())) {
            addresses = List.of(TWO);
            try (OutboundAnswer answer = client.send(get(open.port(), "/"), WAIT)) {
                assertEquals("public", text(answer));
            }
            assertEquals(1, lookups.get());
            assertEquals(List.of(), secret.asked);
        }
    }

    @Test
    void ofSeveralAddressesOnlyAllowedOnesAreTried() throws Exception {
        try (Loopback secret = Loopback.at(ONE, 0, e -> Loopback.answer(e, 200, "secret"));
                Loopback allowed =
                        Loopback.at(TWO, secret.port(), e -> Loopback.answer(e, 200, "fine"));
                OutboundClient client = client(TWO, "127.0.0.3")) {
            addresses = List.of(ONE, "127.0.0.3", TWO);
            try (OutboundAnswer answer = client.send(get(allowed.port(), "/"), WAIT)) {
                assertEquals("fine", text(answer), "nobody is at the first one allowed");
            }
            assertEquals(List.of(), secret.asked);
        }
    }

    @Test
    void redirectsAreTheGuestsToFollow() throws Exception {
        try (Loopback server =
                        Loopback.at(
                                ONE,
                                0,
                                exchange -> {
                                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                                    Loopback.answer(exchange, 302, "");
                                });
                OutboundClient client = client(ONE);
                OutboundAnswer answer = client.send(get(server.port(), "/"), WAIT)) {
            assertEquals(302, answer.status());
            assertEquals("", text(answer));
            assertEquals(1, server.asked.size());
        }
    }

    @Test
    void eachRequestHasAConnectionOfItsOwn() throws Exception {
        try (Loopback server = Loopback.at(ONE, 0, e -> Loopback.answer(e, 200, "x"));
                OutboundClient client = client(ONE)) {
            for (int i = 0; i < 3; i++) {
                try (OutboundAnswer answer = client.send(get(server.port(), "/"), WAIT)) {
                    assertEquals("x", text(answer));
                }
            }
            assertEquals(3, server.asked.stream().distinct().count(), server.asked::toString);
        }
    }

    @Test
    void whereNobodyIsItIsUnreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, Loopback.address(ONE))) {
            port = free.getLocalPort();
        }
        try (OutboundClient client = client(ONE)) {
            failed(Code.UNREACHABLE, client, get(port, "/"));
        }
        try (OutboundClient client =
                new OutboundClient(
                        vertx,
                        address -> true,
                        host -> {
                            throw new UnknownHostException(host);
                        },
                        new HttpClientOptions())) {
            failed(Code.UNREACHABLE, client, get(port, "/"));
        }
    }

    /** A server that takes one connection, reads the request's head, and says this. */
    private static CompletableFuture<Socket> saying(ServerSocket server, String answer) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Socket socket = server.accept();
                        socket.setSoTimeout((int) WAIT.toMillis());
                        InputStream in = socket.getInputStream();
                        byte[] last = new byte[4];
                        while (!Arrays.equals(last, new byte[] {'\r', '\n', '\r', '\n'})) {
                            System.arraycopy(last, 1, last, 0, 3);
                            last[3] = (byte) in.read();
                        }
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                        return socket;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(Loopback.address(ONE), 0));
        return server;
    }

    @Test
    void whatIsNoHttpOrBreaksOffIsBroken() throws Exception {
        try (ServerSocket server = server();
                OutboundClient client = client(ONE)) {
            CompletableFuture<Socket> talk = saying(server, "220 mail ready\r\n\r\n");
            failed(Code.BROKEN, client, get(server.getLocalPort(), "/"));
            talk.get(20, TimeUnit.SECONDS).close();
        }
        try (ServerSocket server = server();
                OutboundClient client = client(ONE)) {
            CompletableFuture<Socket> talk =
                    saying(server, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            try (OutboundAnswer answer = client.send(get(server.getLocalPort(), "/"), WAIT)) {
                talk.get(20, TimeUnit.SECONDS).close();
                for (int i = 0; i < 2; i++) {
                    var e = assertThrows(OutboundException.class, () -> all(answer));
                    assertEquals(Code.BROKEN, e.code());
                }
            }
        }
    }

    @Test
    void whoDoesNotAnswerInTimeIsLeft() throws Exception {
        try (ServerSocket server = server();
                OutboundClient client = client(ONE)) {
            CompletableFuture<Socket> talk = saying(server, "");
            var e =
                    assertThrows(
                            OutboundException.class,
                            () ->
                                    client.send(
                                            get(server.getLocalPort(), "/"),
                                            Duration.ofMillis(300)));
            assertEquals(Code.TIMEOUT, e.code());
            try (Socket socket = talk.get(20, TimeUnit.SECONDS)) {
                assertEquals(-1, socket.getInputStream().read(), "the connection is ended");
            }
        }
    }

    @Test
    void anInterruptEndsTheWaitAndTheRequest() throws Exception {
        try (ServerSocket server = server();
                OutboundClient client = client(ONE)) {
            CompletableFuture<Socket> talk = saying(server, "");
            var ended = new CountDownLatch(1);
            Thread guest =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        assertThrows(
                                                InterruptedException.class,
                                                () ->
                                                        client.send(
                                                                get(server.getLocalPort(), "/"),
                                                                WAIT));
                                        ended.countDown();
                                    });
            try (Socket socket = talk.get(20, TimeUnit.SECONDS)) {
                guest.interrupt();
                assertTrue(ended.await(20, TimeUnit.SECONDS));
                assertEquals(-1, socket.getInputStream().read(), "the connection is ended");
            }
        }
    }
}
