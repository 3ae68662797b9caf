package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Calls that are answered as their guest writes, over real sockets. */
class StreamCallIT {
    private static final String PATH = "/2021-11-15/functions/%s/response-streaming-invocations";
    private static final int VAST = 15 << 20;

    /** Past what sockets take of events of one byte. */
    private static final int MOST_EVENTS = 50_000;

    @TempDir Path folder;
    private EdgeFixture edge;

    @BeforeEach
    void start() throws Exception {
        edge = new EdgeFixture(folder);
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private void deploy(String name, FakeRuntime.Guest guest) throws Exception {
        edge.deploy(name, HandlerKind.EVENT, Limits.DEFAULT, guest);
    }

    /** An answer whose events are read as they come. */
    private static final class Events {
        private final RawClient client;
        private final MessageDecoder decoder = new MessageDecoder();
        private Iterator<Message> read = java.util.Collections.emptyIterator();

        /** Asks, and reads the head. */
        Events(RawClient client, String name, String... headers) throws IOException {
            this.client = client;
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            client.send(
                    "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Length: 2\r\n\r\n{}"
                            .formatted(PATH.formatted(name), more));
            assertEquals("HTTP/1.1 200 OK", client.line());
        }

        /** What follows by chunks. */
        Message next() throws IOException {
            while (!read.hasNext()) {
                String chunk = client.chunk();
                assertFalse(chunk.isEmpty(), "no event is left");
                decoder.feed(chunk.getBytes(ISO_8859_1));
                read = decoder.getDecodedMessages().iterator();
            }
            return read.next();
        }

        String piece() throws IOException {
            Message next = next();
            assertEquals("PayloadChunk", type(next));
            return new String(next.getPayload(), UTF_8);
        }

        /** Of the one that says how it ended; none follows. */
        String completion() throws IOException {
            Message next = next();
            assertEquals("InvokeComplete", type(next));
            assertEquals("", client.chunk());
            return new String(next.getPayload(), UTF_8);
        }
    }

    private static String type(Message message) {
        return message.getHeaders().get(":event-type").getString();
    }

    /** What a whole answer says of the end. */
    private static String end(RawClient client, String name, String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        RawClient.Response answer =
                client.send(
                                "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Length: 2\r\n\r\n{}"
                                        .formatted(PATH.formatted(name), more))
                        .receive();
        assertEquals(200, answer.status(), answer.body());
        MessageDecoder decoder = new MessageDecoder();
        decoder.feed(answer.body().getBytes(ISO_8859_1));
        Message last = decoder.getDecodedMessages().getLast();
        assertEquals("InvokeComplete", type(last));
        return new String(last.getPayload(), UTF_8);
    }

    @Test
    void eachPieceLeavesAtOnce() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        deploy(
                "pieces",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "got " + in.readAllBytes().length);
                    first.await();
                    EdgeFixture.say(out, "two");
                    second.await();
                    return 0;
                });
        try (RawClient client = edge.client()) {
            Events events = new Events(client, "pieces");
            Map<String, String> headers = client.headers();
            assertEquals("application/vnd.amazon.eventstream", headers.get("content-type"));
            assertEquals("3", headers.get("x-amz-executed-version"));
            assertEquals("application/octet-stream", headers.get("x-amzn-remapped-content-type"));
            assertEquals(headers.get("runnel-request-id"), headers.get("x-amzn-requestid"));
            assertEquals("pop/test", headers.get("runnel-ran-at"));
            assertEquals("got 2", events.piece());
            first.countDown();
            assertEquals("two", events.piece());
            second.countDown();
            assertEquals("{}", events.completion());
            assertInstanceOf(Outcome.Completed.class, edge.nextEnd());
            assertEquals("{}", end(client, "pieces"), "the connection goes on");
        }
    }

    @Test
    void theLastEventSaysHowItEnded() throws Exception {
        deploy(
                "fails",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "some");
                    EdgeFixture.say(log, "why\n");
                    return 9;
                });
        deploy(
                "floods",
                (call, in, out, log) -> {
                    while (true) {
                        EdgeFixture.say(out, "x".repeat(100_000));
                    }
                });
        edge.deploy(
                "slow",
                HandlerKind.EVENT,
                Limits.DEFAULT.withTimeout(Duration.ofMillis(50)),
                (call, in, out, log) -> {
                    new CountDownLatch(1).await();
                    return 0;
                });
        edge.caller = new Caller.Keyed(new AccountId("demo"), "RNLX");
        try (RawClient client = edge.client()) {
            String failed = end(client, "fails", "X-Amz-Log-Type: Tail");
            assertTrue(failed.startsWith("{\"ErrorCode\":\"Runtime.ExitError\","), failed);
            assertTrue(failed.contains("exited with error: exit status 9\""), failed);
            assertTrue(failed.endsWith(",\"LogResult\":\"d2h5Cg==\"}"), failed);
            assertFalse(end(client, "fails").contains("LogResult"), "not asked for");
            String flooded = end(client, "floods");
            assertTrue(flooded.contains("\"Function.ResponseSizeTooLarge\""), flooded);
            assertTrue(end(client, "slow").contains("\"Sandbox.Timedout\""));
        }
    }

    @Test
    void whatNeverRanIsAnErrorAsOthers() throws Exception {
        edge.deploy("cgi", EdgeFixture.saying("x"));
        try (RawClient client = edge.client()) {
            RawClient.Response unknown = client.post(PATH.formatted("none"), "{}");
            assertEquals(404, unknown.status());
            assertEquals("ResourceNotFoundException", unknown.header("X-Amzn-ErrorType"));
            RawClient.Response large =
                    client.post(PATH.formatted("cgi"), "x".repeat((6 << 20) + 1));
            assertEquals("RequestTooLargeException", large.header("X-Amzn-ErrorType"));
        }
        assertEquals(2, edge.runner.freeSlots());
    }

    @Test
    void aClientThatGoesEndsItsGuest() throws Exception {
        deploy(
                "wait",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "begun");
                    new CountDownLatch(1).await();
                    return 0;
                });
        RawClient client = edge.client();
        Events events = new Events(client, "wait");
        client.headers();
        assertEquals("begun", events.piece());
        client.close();
        assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
        edge.awaitQuiet();
    }

    /** It has what is to spare, and waits then. */
    @Test
    void aSlowReaderStopsTheGuest() throws Exception {
        AtomicLong written = new AtomicLong();
        long free = edge.listener.freeBodyBytes();
        edge.deploy(
                "vast",
                HandlerKind.EVENT,
                Limits.DEFAULT.withTimeout(Duration.ofSeconds(60)),
                (call, in, out, log) -> {
                    byte[] piece = new byte[1_000];
                    while (written.get() < VAST) {
                        out.write(piece, 0, piece.length);
                        written.addAndGet(piece.length);
                    }
                    return 0;
                });
        try (RawClient client = new RawClient(edge.port(), 64 * 1024)) {
            Events events = new Events(client, "vast");
            edge.awaitFreeBodies(new ByteSize(free - WideRoom.MOST_BYTES - "{}".length()));
            assertNull(edge.ends.poll(2, TimeUnit.SECONDS), "it does not go on by itself");
            client.headers();
            long read = 0;
            Message next = events.next();
            while (type(next).equals("PayloadChunk")) {
                assertTrue(next.getPayload().length <= StreamCall.MOST_CHUNK_BYTES);
                read += next.getPayload().length;
                next = events.next();
            }
            assertEquals(written.get(), read);
            assertInstanceOf(Outcome.Completed.class, edge.nextEnd());
        }
        edge.awaitFreeBodies(new ByteSize(free));
    }

    /**
     * Each byte is an event of a hundred. The guest takes its time, so that each might leave at
     * once; when sockets are full they gather.
     */
    @Test
    void smallPiecesGatherForASlowReader() throws Exception {
        int pieces = 60_000;
        deploy(
                "small",
                (call, in, out, log) -> {
                    for (int i = 0; i < pieces; i++) {
                        out.write(new byte[1], 0, 1);
                        LockSupport.parkNanos(1);
                    }
                    return 0;
                });
        try (RawClient client = new RawClient(edge.port(), 4096)) {
            Events events = new Events(client, "small");
            assertInstanceOf(Outcome.Completed.class, edge.nextEnd());
            client.headers();
            int read = 0;
            int count = 0;
            for (Message e = events.next(); type(e).equals("PayloadChunk"); e = events.next()) {
                read += e.getPayload().length;
                count++;
            }
            assertEquals(pieces, read);
            assertTrue(count < MOST_EVENTS, count + " events");
        }
    }

    @Test
    void whereTheNodeStopsTheAnswerBreaksOff() throws Exception {
        deploy(
                "wait",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "begun");
                    new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                    return 0;
                });
        try (RawClient client = edge.client()) {
            Events events = new Events(client, "wait");
            client.headers();
            assertEquals("begun", events.piece());
            edge.runner.close();
            assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
            assertThrows(IOException.class, events::next);
        }
    }
}
