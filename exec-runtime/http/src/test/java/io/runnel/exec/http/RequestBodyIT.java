package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Bodies of requests over real sockets: small, large, too large. */
class RequestBodyIT {
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

    @Test
    void bodiesOfEverySizeGoInAndOut() throws Exception {
        edge.deploy("echo", Guests.echo());
        try (RawClient client = edge.client()) {
            for (int size : new int[] {0, 1, 60_000, 70_000, 1 << 20, (1 << 20) + 1, 6 << 20}) {
                String body = "x".repeat(size);
                Thread writer =
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            try {
                                                client.send(Guests.head("echo", size)).send(body);
                                            } catch (IOException e) {
                                                throw new java.io.UncheckedIOException(e);
                                            }
                                        });
                RawClient.Response response = client.receive();
                writer.join();
                assertEquals(200, response.status(), "size " + size);
                assertEquals(size, response.body().length());
            }
        }
        edge.awaitQuiet();
        edge.awaitFreeBodies(ByteSize.ofMiB(64));
    }

    @Test
    void aChunkedBodyHasNoLengthUntilItIsWhole() throws Exception {
        edge.deploy("size", Guests.size());
        try (RawClient client = edge.client()) {
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            String head =
                    "POST /fn/demo/size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
            client.send(head + chunk + "0\r\n\r\n");
            assertEquals("65536 65536", client.receive().body());
            client.send(head + chunk.repeat(20) + "0\r\n\r\n");
            assertEquals("? " + 20 * 65536, client.receive().body());
        }
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsRefusedUnread() throws Exception {
        edge.deploy("size", Guests.size());
        try (RawClient client = edge.client()) {
            client.send(Guests.head("size", 7 << 20));
            RawClient.Response response = client.receive();
            assertEquals(413, response.status());
            assertTrue(response.body().contains("payload-too-large"), response.body());
            assertEquals("close", response.header("Connection"));
            client.send("x".repeat(7 << 20));
            assertTrue(client.isClosed());
        }
        assertEquals(0, edge.runner.started());
    }

    @Test
    void aBodyALittleTooLargeLeavesTheConnectionSane() throws Exception {
        Limits small =
                new Limits(
                        ByteSize.ofMiB(64),
                        Duration.ofSeconds(10),
                        ByteSize.ofKiB(1),
                        ByteSize.ofMiB(1),
                        ByteSize.ofKiB(512),
                        ByteSize.ofKiB(64));
        edge.deploy("size", HandlerKind.HTTP, small, Guests.size());
        try (RawClient client = edge.client()) {
            for (String framing :
                    new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
                boolean chunked = framing.contains("chunked");
                client.send("POST /fn/demo/size HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
                client.send((chunked ? "186a0\r\n" : "") + "x".repeat(100_000));
                client.send(chunked ? "\r\n0\r\n\r\n" : "");
                assertEquals(413, client.receive().status(), framing);
                assertEquals("3 3", client.post("/fn/demo/size", "abc").body());
            }
        }
        edge.awaitQuiet();
        edge.awaitFreeBodies(ByteSize.ofMiB(64));
    }

    @Test
    void aBodyThatGrowsTooLargeEndsItsGuest() throws Exception {
        edge.deploy("size", Guests.size());
        try (RawClient client = edge.client()) {
            client.send(
                    "POST /fn/demo/size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            client.send(chunk.repeat(97));
            assertEquals(413, client.receive().status());
            assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
        }
    }

    @Test
    void whoAsksWhetherToGoOnIsTold() throws Exception {
        edge.deploy("size", Guests.size());
        String expect = "Expect: 100-continue\r\n\r\n";
        try (RawClient client = edge.client()) {
            String head = Guests.head("size", 3);
            client.send(head.substring(0, head.length() - 2) + expect);
            assertEquals(100, client.receive().status());
            assertEquals("3 3", client.send("abc").receive().body());
            String large = Guests.head("size", 7 << 20);
            client.send(large.substring(0, large.length() - 2) + expect);
            RawClient.Response refused = client.receive();
            assertEquals(413, refused.status());
            assertEquals("close", refused.header("Connection"));
        }
        try (RawClient client = edge.client()) {
            String head = Guests.head("size", 3);
            client.send(head.substring(0, head.length() - 2) + "Expect: miracles\r\n\r\n");
            assertEquals(417, client.receive().status());
        }
    }
}
