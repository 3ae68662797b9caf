package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Peers that open streams and reset them at once, again and again. */
class ResetsIT {
    private static final int RESETS = 300;
    private static final long CANCEL = 8;

    private final Vertx vertx = Vertx.vertx();

    /** Kept: Vert.x closes the connections of a client that nobody holds any more. */
    private final HttpClientAgent client =
            vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false));

    private final Semaphore seen = new Semaphore(0);
    private final AtomicBoolean closed = new AtomicBoolean();

    @AfterEach
    void stop() throws Exception {
        EdgeFixture.await(vertx.close());
    }

    private HttpClientConnection connect(ListenerSettings settings) throws Exception {
        NodeListener listener =
                EdgeFixture.await(
                        NodeListener.start(
                                vertx,
                                settings.withLoops(1),
                                new RequestIds(InstantSource.system(), Random::new),
                                System::nanoTime,
                                this::take));
        HttpClientConnection connection =
                EdgeFixture.await(
                        client.connect(
                                new HttpConnectOptions()
                                        .setHost("127.0.0.1")
                                        .setPort(listener.port())));
        connection.closeHandler(gone -> closed.set(true));
        return connection;
    }

    private void take(Exchange exchange) {
        if (exchange.request().path().equals("/hello")) {
            exchange.response().end("hello");
        } else {
            seen.release();
        }
    }

    /** How many were let in before the connection was closed. */
    private int flood(HttpClientConnection connection) throws Exception {
        for (int i = 0; i < RESETS; i++) {
            if (closed.get()) {
                return i;
            }
            HttpClientRequest request =
                    EdgeFixture.await(connection.request(HttpMethod.GET, "/held"));
            request.end();
            while (!seen.tryAcquire(20, TimeUnit.MILLISECONDS)) {
                if (closed.get()) {
                    return i;
                }
            }
            request.reset(CANCEL);
        }
        return RESETS;
    }

    @Test
    void aUserWhoResetsStreamsWithoutEndIsCutOff() throws Exception {
        HttpClientConnection connection = connect(ListenerSettings.at("127.0.0.1", 0));
        try {
            flood(connection);
        } catch (ExecutionException e) {
            // A request on a connection that is being closed.
            assertTrue(seen.availablePermits() < RESETS, e::toString);
        }
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!closed.get() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertTrue(closed.get(), "the connection is still open");
    }

    @Test
    void aNodeThatResetsForManyCallersIsNot() throws Exception {
        HttpClientConnection connection =
                connect(ListenerSettings.at("127.0.0.1", 0).withResets(100_000));
        assertEquals(RESETS, flood(connection));
        // Nested, on the request's own context: later the body could have gone by.
        String body =
                EdgeFixture.await(
                        connection
                                .request(HttpMethod.GET, "/hello")
                                .compose(
                                        request -> request.send().compose(HttpClientResponse::body))
                                .map(Object::toString));
        assertEquals("hello", body);
    }
}
