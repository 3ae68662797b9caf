package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.routing.forward.ForwardResult.Answered;
import io.runnel.topology.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Bodies larger than what the POP may hold of them: its whole heap is 64 MiB here. */
class StreamingIT {
    private static final int CHUNK = 64 * 1024;
    private static final long BODY = 100L << 20;

    /** What sockets and windows between the two ends may hold. */
    private static final long MOST_UNDER_WAY = 24L << 20;

    @RegisterExtension final OneRegion scene = new OneRegion();

    private final FakeRegion region = scene.region;
    private final Pop pop = scene.pop;
    private final User user = scene.user;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    @Test
    void anAnswerWaitsForItsSlowReader() throws IOException {
        region.onCall(
                request -> {
                    request.response().putHeader("Content-Length", Long.toString(BODY));
                    pour(request.response());
                });
        try (var wire = user.wire()) {
            wire.send("GET /fn/demo/large HTTP/1.1\nHost: a\n\n");
            assertTrue(wire.head().contains("" + BODY));
            long ahead = Await.steady(sent::get);
            assertTrue(ahead < MOST_UNDER_WAY, () -> ahead + " bytes sent that nobody read");
            byte[] chunk = new byte[CHUNK];
            while (received.get() < BODY) {
                int read = wire.in().read(chunk);
                assertTrue(read > 0, () -> "ended after %d bytes".formatted(received.get()));
                long underWay = sent.get() - received.addAndGet(read);
                assertTrue(underWay < MOST_UNDER_WAY, () -> underWay + " bytes under way");
            }
        }
        assertInstanceOf(Answered.class, Await.next(pop.results));
    }

    /** Writes a whole body as fast as it is taken. */
    private void pour(HttpServerResponse response) {
        response.drainHandler(drained -> pour(response));
        while (sent.get() < BODY && !response.writeQueueFull()) {
            response.write(Buffer.buffer(new byte[CHUNK]));
            if (sent.addAndGet(CHUNK) == BODY) {
                response.end();
                return;
            }
        }
    }

    @Test
    void aBodyWaitsForItsSlowReader() throws Exception {
        BlockingQueue<HttpServerRequest> open = new LinkedBlockingQueue<>();
        region.onCall(
                request -> {
                    request.pause();
                    request.handler(chunk -> received.addAndGet(chunk.length()));
                    request.endHandler(ended -> request.response().end("" + received.get()));
                    open.add(request);
                });
        try (var wire = user.wire()) {
            wire.send(
                    "POST /fn/demo/large HTTP/1.1\nHost: a\nContent-Length: %d\n\n"
                            .formatted(BODY));
            Thread writer = Thread.ofVirtual().start(() -> upload(wire));
            HttpServerRequest request = Await.next(open);
            long ahead = Await.steady(sent::get);
            assertTrue(ahead < MOST_UNDER_WAY, () -> ahead + " bytes sent that nobody read");
            request.resume();
            assertTrue(wire.head().startsWith("HTTP/1.1 200"));
            assertEquals("" + BODY, new String(wire.in().readNBytes(9), StandardCharsets.US_ASCII));
            writer.join();
        }
        assertInstanceOf(Answered.class, Await.next(pop.results));
    }

    private void upload(User.Wire wire) {
        byte[] chunk = new byte[CHUNK];
        try {
            while (sent.get() < BODY) {
                wire.out().write(chunk);
                sent.addAndGet(CHUNK);
            }
        } catch (IOException e) {
            throw new AssertionError("after %d bytes".formatted(sent.get()), e);
        }
    }

    @Test
    void bytesComeThroughUnchangedBothWaysAtOnce() throws Exception {
        region.onCall(
                request -> {
                    HttpServerResponse response = request.response().setChunked(true);
                    request.handler(
                            chunk -> {
                                response.write(chunk);
                                if (response.writeQueueFull()) {
                                    request.pause();
                                    response.drainHandler(drained -> request.resume());
                                }
                            });
                    request.endHandler(ended -> response.end());
                });
        byte[] body = new byte[8 << 20];
        new Random(7).nextBytes(body);
        var answer =
                Await.value(
                        user.sendBytes(
                                user.request("/fn/demo/echo")
                                        .POST(BodyPublishers.ofByteArray(body))
                                        .build()));
        assertTrue(Arrays.equals(body, answer.body()));
    }

    @Test
    void aBodyThatNobodyReadsHoldsUpNoOther() throws IOException {
        Vertx oneLoop = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        BlockingQueue<HttpServerRequest> stuck = new LinkedBlockingQueue<>();
        NodeListener real = Await.value(listen(oneLoop, stuck));
        var address = new Address("127.0.0.1", real.port());
        var link = new RegionLink(region.name, address, Duration.ZERO);
        try (Pop one = new Pop(oneLoop, Pop.SETTINGS, link).patient();
                User hasty = new User(one);
                User.Wire wire = hasty.wire()) {
            wire.send(
                    "POST /fn/demo/stuck HTTP/1.1\nHost: a\nContent-Length: %d\n\n"
                            .formatted(BODY));
            Thread.ofVirtual().start(() -> uploadUntilClosed(wire));
            Await.next(stuck);
            Await.steady(sent::get);
            for (int i = 0; i < 8; i++) {
                assertEquals("100000", hasty.post("/fn/demo/b", "x".repeat(100_000)).body());
            }
        }
        Await.value(oneLoop.close());
    }

    /** The listener that regions really have. */
    private static Future<NodeListener> listen(
            Vertx vertx, BlockingQueue<HttpServerRequest> stuck) {
        return NodeListener.start(
                vertx,
                ListenerSettings.at("127.0.0.1", 0),
                new RequestIds(InstantSource.system(), Random::new),
                System::nanoTime,
                exchange -> {
                    HttpServerRequest request = exchange.request();
                    if (request.path().equals("/fn/demo/stuck")) {
                        stuck.add(request.pause());
                    } else {
                        request.body().onSuccess(b -> request.response().end("" + b.length()));
                    }
                });
    }

    private void uploadUntilClosed(User.Wire wire) {
        try {
            while (sent.get() < BODY) {
                wire.out().write(new byte[CHUNK]);
                sent.addAndGet(CHUNK);
            }
        } catch (IOException closed) {
            received.set(sent.get());
        }
    }
}
