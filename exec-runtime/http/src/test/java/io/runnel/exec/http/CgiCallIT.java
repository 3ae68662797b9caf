package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Calls of {@code http} tasks over real sockets: requests and answers. */
class CgiCallIT {
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
    void aGuestSeesTheRequestAsCgi() throws Exception {
        edge.deploy(
                "env",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, Guests.PLAIN);
                    call.environment().forEach((k, v) -> EdgeFixture.say(out, k + "=" + v + "\n"));
                    return 0;
                });
        try (RawClient client = edge.client()) {
            String seen =
                    client.sendLines(
                                    """
                                    GET /fn/demo/env/a%20b/../c?x=1&y HTTP/1.1
                                    Host: me:99
                                    Proxy: evil
                                    Runnel-Ran-At: nowhere
                                    Connection: X-Hop
                                    X-Hop: 1
                                    X-Two: a
                                    X-Two: b
                                    X_Two: c
                                    Authorization: Basic x

                                    """)
                            .receive()
                            .body();
            for (String line :
                    new String[] {
                        "REQUEST_METHOD=GET",
                        "SCRIPT_NAME=/fn/demo/env",
                        "PATH_INFO=/a b/../c",
                        "QUERY_STRING=x=1&y",
                        "SERVER_NAME=me",
                        "SERVER_PORT=99",
                        "REMOTE_ADDR=127.0.0.1",
                        "HTTP_X_TWO=a, b",
                        "HTTP_AUTHORIZATION=Basic x",
                        "CONTENT_LENGTH=0",
                        "OWN=variable",
                        "RUNNEL_TASK_VERSION=3"
                    }) {
                assertTrue(("\n" + seen).contains("\n" + line + "\n"), line + " not in " + seen);
            }
            for (String no : new String[] {"PROXY", "HTTP_RUNNEL", "X_HOP", "HTTP_CONNECTION"}) {
                assertFalse(seen.contains(no), no + " in " + seen);
            }
        }
    }

    @Test
    void ourHeadersAreOursAndTheGuestsAreCleaned() throws Exception {
        edge.deploy(
                "headers",
                EdgeFixture.saying(
                        """
                        Status: 201 Made
                        Content-Type: a/b
                        Runnel-Ran-At: moon
                        Connection: close
                        Keep-Alive: 1
                        Set-Cookie: a=1
                        Set-Cookie: b=2

                        body\
                        """));
        try (RawClient client = edge.client()) {
            RawClient.Response response = client.get("/fn/demo/headers");
            assertEquals(201, response.status());
            assertEquals("body", response.body());
            assertEquals("pop/test", response.header("Runnel-Ran-At"));
            assertEquals("3", response.header("Runnel-Task-Version"));
            assertEquals("warm", response.header("Runnel-Start"));
            assertEquals("a=1|b=2", response.header("Set-Cookie"));
            assertEquals("", response.header("Connection") + response.header("Keep-Alive"));
            assertTrue(response.header("Server-Timing").startsWith("queue;dur="));
            assertEquals(201, client.get("/fn/demo/headers").status());
        }
    }

    @Test
    void whatComesSlowlyIsPassedOnAtOnce() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        edge.deploy(
                "slow",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, Guests.PLAIN + "first");
                    goOn.await();
                    EdgeFixture.say(out, "second");
                    return 0;
                });
        try (RawClient client = edge.client()) {
            client.send("GET /fn/demo/slow HTTP/1.1\r\nHost: a\r\n\r\n");
            client.line();
            assertEquals("chunked", client.headers().get("transfer-encoding"));
            assertEquals("first", client.chunk());
            goOn.countDown();
            assertEquals("second", client.chunk());
            assertEquals("", client.chunk());
        }
    }

    /** Whoever has a whole answer is charged for it, though the node ends in that moment. */
    @Test
    void theLastByteOfADeclaredLengthWaitsForTheGuestsEnd() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        edge.deploy(
                "counted",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "Content-Length: 5\n" + Guests.PLAIN + "abcde");
                    goOn.await();
                    return 0;
                });
        try (RawClient client = edge.client()) {
            client.send(
                    "POST /fn/demo/counted HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n123");
            client.line();
            assertEquals("5", client.headers().get("content-length"));
            assertEquals("abcd", client.bytes(4));
            assertTrue(edge.metered.isEmpty(), "it has not ended");
            assertEquals(0, client.available(), "and its last byte has not come with the others");
            goOn.countDown();
            assertEquals("e", client.bytes(1));
            assertEquals(3, edge.metered.poll(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void anAnswerToHeadHasALengthAndNoBody() throws Exception {
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        edge.deploy("large", EdgeFixture.saying(Guests.PLAIN + "x".repeat(200_000)));
        edge.deploy("none", EdgeFixture.saying("Status: 204\n\nsmuggled"));
        try (RawClient client = edge.client()) {
            client.send("HEAD /fn/demo/hello HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Response response = client.receive(true);
            assertEquals("5", response.header("Content-Length"));
            client.send("HEAD /fn/demo/large HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.receive(true).status());
            RawClient.Response none = client.get("/fn/demo/none");
            assertEquals("204 ", none.status() + " " + none.header("Content-Length"));
            assertEquals("hello", client.get("/fn/demo/hello").body());
        }
    }

    @Test
    void anOldClientIsServedByTheEndOfTheConnection() throws Exception {
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        edge.deploy("large", EdgeFixture.saying(Guests.PLAIN + "x".repeat(200_000)));
        try (RawClient client = edge.client()) {
            client.send("GET /fn/demo/hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertEquals("hello", client.receive().body());
            client.send("GET /fn/demo/large HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertEquals(200_000, client.receive().body().length());
        }
    }

    @Test
    void aPathWithoutCertainMeaningRunsNothing() throws Exception {
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        try (RawClient client = edge.client()) {
            for (String rest : new String[] {"/a%2Fb", "/%00", "/%ff"}) {
                assertEquals(400, client.get("/fn/demo/hello" + rest).status(), rest);
            }
            assertEquals(2, edge.runner.freeSlots());
            assertEquals(200, client.get("/fn/demo/hello/%2e%2e/%5c").status());
        }
    }

    @Test
    void aFullNodeRefusesBeforeTheBodyIsSent() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        edge.deploy(
                "gate",
                (call, in, out, log) -> {
                    gate.await();
                    EdgeFixture.say(out, Guests.PLAIN + "open");
                    return 0;
                });
        RawClient[] waiting = new RawClient[18];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = edge.client();
            waiting[i].send("GET /fn/demo/gate HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        edge.awaitInFlight(18);
        edge.awaitLoad(18);
        try (RawClient small = edge.client();
                RawClient large = edge.client()) {
            small.send(Guests.head("gate", 10));
            RawClient.Response refused = small.receive();
            assertEquals(503, refused.status());
            assertEquals("over-capacity", refused.header("Runnel-Not-Run"));
            assertEquals("", refused.header("Connection"));
            large.send(Guests.head("gate", 1 << 20));
            RawClient.Response closed = large.receive();
            assertEquals(503, closed.status());
            assertEquals("close", closed.header("Connection"));
            small.send("0123456789");
            assertEquals(404, small.get("/nowhere").status(), "the connection is of use");
        }
        assertEquals(2, edge.runner.loadReport().overCapacity());
        gate.countDown();
        for (RawClient client : waiting) {
            assertEquals("open", client.receive().body());
            client.close();
        }
    }

    @Test
    void callsBeyondSlotsWaitOrAreRefused() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        edge.deploy(
                "gate",
                (call, in, out, log) -> {
                    gate.await();
                    EdgeFixture.say(out, Guests.PLAIN + "open");
                    return 0;
                });
        RawClient[] clients = new RawClient[20];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = edge.client();
            clients[i].send("GET /fn/demo/gate HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        // Two run, sixteen wait, two are refused at once.
        for (int i = 0; i < 2; i++) {
            assertInstanceOf(Outcome.Refused.class, edge.nextEnd());
        }
        gate.countDown();
        int refused = 0;
        for (RawClient client : clients) {
            RawClient.Response response = client.receive();
            if (response.status() == 503) {
                refused++;
                assertEquals("1", response.header("Retry-After"));
                assertEquals("", response.header("Runnel-Start"));
                assertEquals("over-capacity", response.header("Runnel-Not-Run"));
                assertTrue(response.body().contains("2 of 2 slots may be taken"), response.body());
                assertTrue(response.body().contains("'slots' for this node"), response.body());
            } else {
                assertEquals("open", response.body());
            }
            client.close();
        }
        assertEquals(2, refused);
    }
}
