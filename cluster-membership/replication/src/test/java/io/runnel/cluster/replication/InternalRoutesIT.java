package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Which handler answers what, over HTTP/1.1 and HTTP/2. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InternalRoutesIT {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger inside = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void open() {
        InternalRoutes routes =
                new InternalRoutes(
                                request -> {
                                    inside.incrementAndGet();
                                    request.response().setStatusCode(418).end();
                                })
                        .on(HttpMethod.GET, "/v1/one", request -> request.response().end("one"))
                        .on(
                                HttpMethod.GET,
                                "/v1/many/",
                                request -> request.response().end(request.path()));
        server = vertx.createHttpServer().requestHandler(routes);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
    }

    @AfterEach
    void close() {
        Await.get(vertx.close().toCompletionStage());
    }

    private int status(HttpVersion version, HttpMethod method, String path) {
        HttpClient client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(version)
                                .setHttp2ClearTextUpgrade(false));
        return Await.get(
                client.request(method, server.actualPort(), "127.0.0.1", path)
                        .compose(HttpClientRequest::send)
                        .map(response -> response.statusCode())
                        .eventually(client::close)
                        .toCompletionStage());
    }

    @Test
    void handsOnWhatIsNotListed() {
        for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            assertEquals(418, status(version, HttpMethod.GET, "/fn/demo/hello"));
            assertEquals(418, status(version, HttpMethod.GET, "/v1/one/more"));
            assertEquals(418, status(version, HttpMethod.GET, "/v1/many/a/b"));
        }
        assertEquals(6, inside.get());
    }

    @Test
    void refusesOtherMethodsOnListedPaths() {
        assertEquals(200, status(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/one"));
        assertEquals(405, status(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/v1/one"));
        assertEquals(200, status(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/many/a"));
        assertEquals(0, inside.get());
    }
}
