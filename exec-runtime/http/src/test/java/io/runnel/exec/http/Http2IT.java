package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The same over HTTP/2 in clear text, all on one connection. */
class Http2IT {
    @TempDir Path folder;
    private EdgeFixture edge;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        edge = new EdgeFixture(folder);
        client =
                edge.vertx.createHttpClient(
                        new HttpClientOptions()
                                .setDefaultHost("127.0.0.1")
                                .setDefaultPort(edge.port())
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ConnectionWindowSize(1 << 20)
                                .setHttp2ClearTextUpgrade(false),
                        new PoolOptions().setHttp2MaxSize(1));
    }

    @AfterEach
    void stop() throws Exception {
        EdgeFixture.await(client.close());
        edge.close();
    }

    private HttpClientRequest request(HttpMethod method, String path) throws Exception {
        return EdgeFixture.await(client.request(method, path));
    }

    /** All on the connection's event loop: from another thread the body could be missed. */
    private Future<String> send(HttpMethod method, String path, Buffer body) {
        return client.request(method, path)
                .compose(request -> request.send(body).compose(response -> whole(response)));
    }

    private static Future<String> whole(HttpClientResponse response) {
        return response.body().map(body -> response.statusCode() + " " + body);
    }

    private String exchange(HttpMethod method, String path, Buffer body) throws Exception {
        return EdgeFixture.await(send(method, path, body));
    }

    private String get(String path) throws Exception {
        return exchange(HttpMethod.GET, path, Buffer.buffer());
    }

    @Test
    void manyRequestsShareAConnection() throws Exception {
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            answers.add(send(HttpMethod.GET, "/fn/demo/hello", Buffer.buffer()));
        }
        for (Future<String> answer : answers) {
            assertEquals("200 hello", EdgeFixture.await(answer));
        }
        assertEquals("200 well\n", get("/_runnel/health"));
        assertEquals("404", get("/fn/demo/none").substring(0, 3));
        edge.awaitQuiet();
    }

    @Test
    void bodiesOfEverySizeGoInAndOut() throws Exception {
        edge.deploy("echo", Guests.echo());
        for (int size : new int[] {0, 1, 70_000, 1 << 20, (1 << 20) + 1, 6 << 20}) {
            Buffer body = Buffer.buffer("x".repeat(size));
            String answer = exchange(HttpMethod.POST, "/fn/demo/echo", body);
            String start = answer.substring(0, Math.min(100, answer.length()));
            assertEquals(4 + size, answer.length(), start);
            assertTrue(start.startsWith("200 "), start);
        }
        edge.awaitQuiet();
        edge.awaitFreeBodies(ByteSize.ofMiB(64));
    }

    @Test
    void aBodyTooLargeCostsItsStreamOnly() throws Exception {
        edge.deploy("size", Guests.size());
        HttpClientRequest tooLarge = request(HttpMethod.POST, "/fn/demo/size");
        tooLarge.setChunked(true);
        Future<HttpClientResponse> refused = tooLarge.response();
        for (int i = 0; i < 110 && !refused.isComplete(); i++) {
            tooLarge.write(Buffer.buffer(new byte[64 * 1024]));
        }
        assertEquals(413, EdgeFixture.await(refused).statusCode());
        assertEquals("200 3 3", exchange(HttpMethod.POST, "/fn/demo/size", Buffer.buffer("abc")));
    }

    @Test
    void anAnswerThatBreaksOffIsReset() throws Exception {
        edge.deploy(
                "breaks",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, Guests.PLAIN + "x".repeat(200_000));
                    throw new FakeRuntime.TrapError("late");
                });
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        assertThrows(Exception.class, () -> get("/fn/demo/breaks"));
        assertEquals("200 hello", get("/fn/demo/hello"));
    }

    @Test
    void aStreamThatIsResetEndsItsGuest() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        edge.deploy(
                "wait",
                (call, in, out, log) -> {
                    running.countDown();
                    new CountDownLatch(1).await();
                    return 0;
                });
        HttpClientRequest request = request(HttpMethod.GET, "/fn/demo/wait");
        Future<HttpClientResponse> response = request.send();
        assertTrue(running.await(20, TimeUnit.SECONDS));
        request.reset();
        assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
        assertThrows(Exception.class, () -> EdgeFixture.await(response));
        assertEquals("200 well\n", get("/_runnel/health"));
        edge.awaitQuiet();
    }

    @Test
    void aSlowReaderFillsNoMemoryAndHindersNobody() throws Exception {
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
        HttpClientRequest request = request(HttpMethod.GET, "/fn/demo/flood");
        CountDownLatch first = new CountDownLatch(1);
        request.send()
                .onSuccess(
                        response -> {
                            response.pause();
                            response.handler(chunk -> first.countDown());
                            response.fetch(1);
                        });
        assertTrue(first.await(20, TimeUnit.SECONDS));
        assertTrue(
                CallEndIT.awaitStill(written) < WideRoom.MOST_BYTES + (1 << 20),
                "written: " + written);
        assertEquals("200 well\n", get("/_runnel/health"));
        request.reset();
        assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
    }
}
