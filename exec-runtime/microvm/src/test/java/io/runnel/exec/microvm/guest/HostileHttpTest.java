package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;

/** What is no HTTP, or too much of it, at the agent's runtime API. */
final class HostileHttpTest {
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    @TempDir static Path built;

    @TempDir Path work;
    private NativeAgent agent;

    @BeforeAll
    static void build() throws Exception {
        NativeAgent.build(built);
    }

    @BeforeEach
    void start() throws Exception {
        agent = NativeAgent.start(built, work);
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
    }

    /** Whether a function still gets its call and answers it. */
    private void stillServes() throws Exception {
        try (RawHttp http = agent.http()) {
            http.get("invocation/next");
            assertEquals(new GuestStart.AtNext(), agent.channel().awaitReady(NativeAgent.later()));
            Future<NativeAgent.Result> call = agent.call("id-1", "a".getBytes(UTF_8));
            assertEquals("a", http.answer().body());
            http.post("invocation/id-1/response", "", "x").answer();
            assertEquals("x", call.get().body());
        }
    }

    private static String post(String headers, String body) {
        return "POST /x HTTP/1.1\r\n" + headers + "\r\n\r\n" + body;
    }

    @Test
    void whatIsNoHttpIsRefusedAndTheConnectionEnds() throws Exception {
        List<String> bad =
                new ArrayList<>(
                        List.of(
                                "x\r\n\r\n",
                                "GET\r\n\r\n",
                                "GET /x HTTP/2.0\r\n\r\n",
                                "GET x HTTP/1.1\r\n\r\n",
                                "GET http://x HTTP/1.1\r\n\r\n",
                                "GET /x HTTP/1.1\r\nno colon\r\n\r\n",
                                "GET /x HTTP/1.1\r\n: x\r\n\r\n",
                                "GET /x HTTP/1.1\r\na : x\r\n\r\n",
                                "GET /x HTTP/1.1\r\n folded: x\r\n\r\n",
                                "GET /x HTTP/1.1\r\na: \0\r\n\r\n",
                                post("Content-Length: -1", ""),
                                post("Content-Length: 1\r\nContent-Length: 2", ""),
                                post("Content-Length: 99999999999999999", ""),
                                post("Transfer-Encoding: gzip", ""),
                                post(CHUNKED + "\r\nContent-Length: 1", ""),
                                post(CHUNKED, "z\r\n"),
                                post(CHUNKED, "1\r\nab\r\n"),
                                post(CHUNKED, "fffffffffffff\r\n"),
                                post(CHUNKED, "0\r\nContent-Length: 1\r\n\r\n"),
                                "GET /x HTTP/1.1\r\nContent-Type: "
                                        + "x".repeat(300)
                                        + "\r\n\r\n"));
        for (String text : bad) {
            try (RawHttp other = agent.http()) {
                assertEquals(400, other.send(text).answer().status(), text);
                assertTrue(other.isOver(), text);
            }
        }
        stillServes();
    }

    @Test
    void aHeadThatNeverEndsIsRefused() throws Exception {
        try (RawHttp other = agent.http()) {
            other.send("GET /x HTTP/1.1\r\n" + "a: b\r\n".repeat(6_000));
            assertEquals(431, other.answer().status());
        }
        try (RawHttp other = agent.http()) {
            other.send(
                    "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + "1".repeat(40_000));
            assertEquals(400, other.answer().status());
        }
        stillServes();
    }

    @Test
    void connectionsThatSayNothingDoNotShutOthersOut() throws Exception {
        List<RawHttp> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                idle.add(agent.http().send("GET /"));
            }
            stillServes();
        } finally {
            for (RawHttp one : idle) {
                one.close();
            }
        }
    }

    @Test
    void noBytesBringTheAgentDown() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> parts =
                List.of(
                        "GET ",
                        "POST ",
                        "/2018-06-01/runtime/",
                        "invocation/next",
                        "init/error",
                        "restore/next",
                        " HTTP/1.1",
                        "\r\n",
                        "\r\n\r\n",
                        "\n",
                        "Content-Length: ",
                        "Transfer-Encoding: chunked",
                        "Expect: 100-continue",
                        ": ",
                        "0",
                        "10",
                        "ffff",
                        "\0",
                        "\u00ff",
                        "x".repeat(5_000),
                        "Connection: close",
                        "0\r\n\r\n",
                        "Lambda-Runtime-Function-Error-Type: a");
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            try (RawHttp other = agent.http()) {
                other.send(text.toString());
            } catch (IOException refused) {
                assertTrue(agent.isAlive(), "seed " + seed);
            }
        }
        assertTrue(agent.channel().ping(NativeAgent.later()), "seed " + seed);
        assertTrue(agent.isAlive(), "seed " + seed);
    }
}
