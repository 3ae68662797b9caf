package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A thousand clients at once that take their time, and one that does not. */
class SlowClientsIT {
    private static final int MANY = 1_000;
    private static final int LARGE = 60_000;
    private static final int VAST = 4 << 20;
    private static final Duration FIRST_REQUEST = Duration.ofSeconds(2);

    @TempDir Path folder;
    private final List<RawClient> slow = new ArrayList<>();
    private EdgeFixture edge;

    @BeforeEach
    void start() throws Exception {
        start(Duration.ofSeconds(8));
    }

    private void start(Duration idle) throws Exception {
        edge =
                new EdgeFixture(
                        folder,
                        ListenerSettings.at("127.0.0.1", 0).withLoops(1).withIdle(idle),
                        new ConnectionLimits(3 * MANY, FIRST_REQUEST));
        edge.deploy("size", Guests.size());
        edge.deploy("large", EdgeFixture.saying(Guests.PLAIN + "x".repeat(LARGE)));
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : slow) {
            client.close();
        }
        edge.close();
    }

    private RawClient slow() throws IOException {
        RawClient client = new RawClient(edge.port(), 4096);
        slow.add(client);
        return client;
    }

    private void aQuickOneIsServed() throws Exception {
        try (RawClient quick = edge.client()) {
            for (int i = 0; i < 50; i++) {
                assertEquals("3 3", quick.post("/fn/demo/size", "abc").body());
                assertInstanceOf(Outcome.Completed.class, edge.nextEnd());
            }
        }
    }

    private void allAreClosed() throws IOException {
        for (int i = 0; i < slow.size(); i++) {
            assertTrue(slow.get(i).isClosed(), "client " + i);
        }
    }

    @Test
    void headsThatNeverEnd() throws Exception {
        for (int i = 0; i < MANY; i++) {
            slow().send("GET /fn/demo/size HTTP/1.1\r\nHost: test\r\nX-Slow: ");
        }
        aQuickOneIsServed();
        allAreClosed();
        aQuickOneIsServed();
    }

    @Test
    void bodiesThatHardlyGrow() throws Exception {
        long free = edge.listener.freeBodyBytes();
        for (int i = 0; i < MANY; i++) {
            slow().send(Guests.head("size", LARGE)).send("x".repeat(1_000));
        }
        edge.awaitInFlight(MANY);
        aQuickOneIsServed();
        edge.aheadNanos.set(Duration.ofSeconds(40).toNanos());
        for (RawClient client : slow) {
            assertEquals(408, client.receive().status());
        }
        allAreClosed();
        edge.awaitQuiet();
        edge.awaitFreeBodies(new ByteSize(free));
        aQuickOneIsServed();
    }

    /** Far larger than what sockets hold for a client: its guest ends all the same. */
    @Test
    void aReaderWhoTakesItsTimeHoldsNoSlot() throws Exception {
        long free = edge.listener.freeBodyBytes();
        edge.deploy("vast", EdgeFixture.saying(Guests.PLAIN + "x".repeat(VAST)));
        RawClient reader = slow().send("GET /fn/demo/vast HTTP/1.1\r\nHost: test\r\n\r\n");
        assertEquals("HTTP/1.1 200 OK", reader.line());
        assertInstanceOf(Outcome.Completed.class, edge.nextEnd());
        assertTrue(edge.listener.freeBodyBytes() < free, "it waits in memory");
        aQuickOneIsServed();
        reader.headers();
        int read = 0;
        for (String chunk = reader.chunk(); !chunk.isEmpty(); chunk = reader.chunk()) {
            read += chunk.length();
        }
        assertEquals(VAST, read);
        edge.awaitFreeBodies(new ByteSize(free));
    }

    /** They wait in memory that is to spare, and whoever never reads gives it back. */
    @Test
    void vastAnswersThatNobodyReads() throws Exception {
        edge.close();
        start(Duration.ofHours(1));
        long free = edge.listener.freeBodyBytes();
        edge.deploy("vast", EdgeFixture.saying(Guests.PLAIN + "x".repeat(VAST)));
        for (int i = 0; i < 6; i++) {
            RawClient client = slow().send("GET /fn/demo/vast HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", client.line(), "client " + i);
            assertInstanceOf(Outcome.Completed.class, edge.nextEnd(), "client " + i);
        }
        long left = edge.listener.freeBodyBytes();
        assertTrue(left < free && left >= free / 2, left + " of " + free);
        aQuickOneIsServed();
        edge.aheadNanos.set(Duration.ofMinutes(5).toNanos());
        edge.awaitConnections(0);
        edge.awaitFreeBodies(new ByteSize(free));
        aQuickOneIsServed();
    }

    @Test
    void answersThatNobodyReads() throws Exception {
        for (int i = 0; i < MANY; i++) {
            RawClient client = slow().send("GET /fn/demo/large HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", client.line(), "client " + i);
            assertInstanceOf(Outcome.Completed.class, edge.nextEnd(), "client " + i);
        }
        aQuickOneIsServed();
        edge.aheadNanos.set(Duration.ofSeconds(10).toNanos());
        edge.awaitConnections(0);
        aQuickOneIsServed();
    }
}
