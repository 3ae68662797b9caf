package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What a listener does at its limits, and at its end. */
class ListenerLimitsIT {
    private static final ListenerSettings SETTINGS =
            ListenerSettings.at("127.0.0.1", 0).withLoops(1);

    @TempDir Path folder;
    private Optional<EdgeFixture> open = Optional.empty();

    @AfterEach
    void stop() throws Exception {
        if (open.isPresent()) {
            open.get().close();
        }
    }

    private EdgeFixture start(ListenerSettings settings) throws Exception {
        return start(settings, ConnectionLimits.DEFAULT);
    }

    private EdgeFixture start(ListenerSettings settings, ConnectionLimits limits) throws Exception {
        EdgeFixture edge = new EdgeFixture(folder, settings, limits);
        open = Optional.of(edge);
        return edge;
    }

    @Test
    void tooManyRequestsAtOnceAreRefused() throws Exception {
        EdgeFixture edge = start(SETTINGS.withInFlight(1));
        CountDownLatch gate = new CountDownLatch(1);
        edge.deploy(
                "gate",
                (call, in, out, log) -> {
                    gate.await();
                    EdgeFixture.say(out, Guests.PLAIN + "open");
                    return 0;
                });
        try (RawClient first = edge.client();
                RawClient second = edge.client()) {
            first.send("GET /fn/demo/gate HTTP/1.1\r\nHost: a\r\n\r\n");
            edge.awaitInFlight(1);
            RawClient.Response refused = second.get("/_runnel/health");
            assertEquals("503 1", refused.status() + " " + refused.header("Retry-After"));
            gate.countDown();
            assertEquals("open", first.receive().body());
            edge.awaitQuiet();
            assertEquals(200, second.get("/_runnel/health").status());
        }
    }

    @Test
    void bodiesHaveTheirMemory() throws Exception {
        EdgeFixture edge = start(SETTINGS.withBodies(ByteSize.ofKiB(100)));
        edge.deploy("size", Guests.size());
        try (RawClient first = edge.client();
                RawClient second = edge.client()) {
            first.send(Guests.head("size", 90_000));
            edge.awaitInFlight(1);
            assertEquals(200, second.post("/fn/demo/size", "x".repeat(60_000)).status());
            edge.awaitFreeBodies(ByteSize.ofKiB(100));
            first.send("x".repeat(60_000));
            edge.awaitFreeBodies(new ByteSize(100 * 1024 - 60_000));
            assertEquals(503, second.post("/fn/demo/size", "x".repeat(60_000)).status());
            assertEquals("3 3", second.post("/fn/demo/size", "abc").body());
            assertEquals("90000 90000", first.send("x".repeat(30_000)).receive().body());
            edge.awaitQuiet();
            assertEquals(200, second.post("/fn/demo/size", "x".repeat(60_000)).status());
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsRefused() throws Exception {
        EdgeFixture edge = start(SETTINGS);
        edge.deploy("size", Guests.size());
        try (RawClient client = edge.client()) {
            client.send(Guests.head("size", 60_000)).send("x".repeat(1000));
            edge.awaitInFlight(1);
            edge.aheadNanos.set(Duration.ofSeconds(40).toNanos());
            assertEquals(408, client.receive().status());
            assertTrue(client.isClosed());
        }
        edge.awaitQuiet();
    }

    @Test
    void aConnectionWithoutAFirstRequestIsClosed() throws Exception {
        EdgeFixture edge = start(SETTINGS, new ConnectionLimits(100, Duration.ofSeconds(2)));
        try (RawClient silent = edge.client();
                RawClient half = edge.client();
                RawClient trickling = edge.client();
                RawClient used = edge.client()) {
            half.send("GET /_runnel/health HTTP/1.1\r\n");
            assertEquals(200, used.get("/_runnel/health").status());
            Thread trickle = Thread.ofVirtual().start(() -> trickle(trickling));
            assertTrue(silent.isClosed());
            assertTrue(half.isClosed());
            trickle.join(Duration.ofSeconds(20));
            assertFalse(trickle.isAlive());
            assertEquals(200, used.get("/_runnel/health").status());
        }
    }

    /** Sends one byte after the other of a head that never ends, until the connection does. */
    private static void trickle(RawClient client) {
        try {
            client.send("GET / HTTP/1.1\r\nX: ");
            while (true) {
                client.send("x");
                LockSupport.parkNanos(5_000_000);
            }
        } catch (IOException e) {
            // The connection has ended.
        }
    }

    @Test
    void aConnectionWithoutFurtherRequestsIsClosed() throws Exception {
        EdgeFixture edge = start(SETTINGS.withIdle(Duration.ofSeconds(1)));
        try (RawClient client = edge.client()) {
            assertEquals(200, client.get("/_runnel/health").status());
            client.send("GET /_runnel/health HTTP/1.1\r\n");
            assertTrue(client.isClosed());
        }
    }

    @Test
    void tooManyConnectionsAreClosed() throws Exception {
        EdgeFixture edge = start(SETTINGS, new ConnectionLimits(2, Duration.ofSeconds(20)));
        try (RawClient first = edge.client()) {
            try (RawClient second = edge.client()) {
                assertEquals(200, first.get("/_runnel/health").status());
                assertEquals(200, second.get("/_runnel/health").status());
                try (RawClient third = edge.client()) {
                    assertTrue(third.isClosed());
                }
                second.send("GET /_runnel/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertEquals(200, second.receive().status());
                assertTrue(second.isClosed());
            }
            assertEquals(200, first.get("/_runnel/health").status());
        }
    }

    @Test
    void drainingDoesNotWaitForWhoReadsNothing() throws Exception {
        EdgeFixture edge = start(SETTINGS);
        AtomicLong written = new AtomicLong();
        edge.deploy("flood", (call, in, out, log) -> Guests.flood(out, written));
        try (RawClient client = new RawClient(edge.port(), 32 * 1024)) {
            client.send("GET /fn/demo/flood HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", client.line());
            CallEndIT.awaitStill(written);
            EdgeFixture.await(edge.listener.drain(Duration.ofMillis(50)));
            edge.awaitQuiet();
        }
    }

    @Test
    void aLongCallIsNotIdle() throws Exception {
        EdgeFixture edge = start(SETTINGS.withIdle(Duration.ofSeconds(1)));
        edge.deploy(
                "long",
                (call, in, out, log) -> {
                    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    EdgeFixture.say(out, Guests.PLAIN + "done");
                    return 0;
                });
        try (RawClient client = edge.client()) {
            assertEquals("done", client.get("/fn/demo/long").body());
        }
    }

    @Test
    void drainingLetsCallsEndAndTakesNoNew() throws Exception {
        EdgeFixture edge = start(SETTINGS);
        CountDownLatch gate = new CountDownLatch(1);
        edge.deploy(
                "gate",
                (call, in, out, log) -> {
                    gate.await();
                    EdgeFixture.say(out, Guests.PLAIN + "open");
                    return 0;
                });
        try (RawClient busy = edge.client();
                RawClient idle = edge.client()) {
            assertEquals(200, idle.get("/_runnel/health").status());
            busy.send("GET /fn/demo/gate HTTP/1.1\r\nHost: a\r\n\r\n");
            edge.awaitInFlight(1);
            int port = edge.port();
            Future<Void> drained = edge.listener.drain(Duration.ofSeconds(20));
            assertTrue(idle.isClosed());
            assertThrows(IOException.class, () -> new RawClient(port).get("/_runnel/health"));
            assertFalse(drained.isComplete());
            gate.countDown();
            assertEquals("open", busy.receive().body());
            assertTrue(busy.isClosed());
            EdgeFixture.await(drained);
        }
    }

    @Test
    void severalLoopsShareAPort() throws Exception {
        EdgeFixture edge = start(SETTINGS.withLoops(3));
        for (int i = 0; i < 6; i++) {
            try (RawClient client = edge.client()) {
                assertEquals("well\n", client.get("/_runnel/health").body());
            }
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        EdgeFixture edge = start(SETTINGS);
        Vertx vertx = Vertx.vertx();
        Future<NodeListener> second =
                NodeListener.start(
                        vertx,
                        ListenerSettings.at("127.0.0.1", edge.port()),
                        new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                        System::nanoTime,
                        exchange -> {});
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> EdgeFixture.await(second));
        assertEquals(
                "cannot listen at 127.0.0.1:%d: Address already in use".formatted(edge.port()),
                e.getCause().getMessage());
        EdgeFixture.await(vertx.close());
    }
}
