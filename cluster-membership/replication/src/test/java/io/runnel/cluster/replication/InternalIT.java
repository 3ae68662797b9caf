package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.NetworkToken;
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
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The guard and the routes, over HTTP/1.1 and HTTP/2. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InternalIT {
    @TempDir Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger inside = new AtomicInteger();
    private NetworkToken token;
    private HttpServer server;

    @BeforeEach
    void open() {
        token = TestRegion.token(folder);
        InternalRoutes routes =
                new InternalRoutes(
                                request -> {
                                    inside.incrementAndGet();
                                    boolean shown = request.headers().contains("Runnel-Network");
                                    request.response().setStatusCode(shown ? 500 : 418).end();
                                })
                        .on(HttpMethod.GET, "/v1/one", request -> request.response().end("one"))
                        .on(
                                HttpMethod.GET,
                                "/v1/many/",
                                request -> request.response().end(request.path()));
        server = vertx.createHttpServer().requestHandler(new InternalGuard(token, routes));
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
    }

    @AfterEach
    void close() {
        Await.get(vertx.close().toCompletionStage());
    }

    private int status(HttpVersion version, HttpMethod method, String path, String... tokens) {
        HttpClient client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(version)
                                .setHttp2ClearTextUpgrade(false));
        return Await.get(
                client.request(method, server.actualPort(), "127.0.0.1", path)
                        .compose(
                                request -> {
                                    List.of(tokens)
                                            .forEach(
                                                    one ->
                                                            request.headers()
                                                                    .add("Runnel-Network", one));
                                    return request.send();
                                })
                        .map(response -> response.statusCode())
                        .eventually(client::close)
                        .toCompletionStage());
    }

    @Test
    void letsInWhoShowsTheTokenOnce() {
        for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            assertEquals(204, status(version, HttpMethod.GET, "/v1/ping", token.text()));
            assertEquals(401, status(version, HttpMethod.GET, "/v1/ping"));
            assertEquals(401, status(version, HttpMethod.GET, "/v1/ping", ""));
            assertEquals(401, status(version, HttpMethod.GET, "/v1/ping", token.text() + "x"));
            assertEquals(
                    401, status(version, HttpMethod.GET, "/v1/ping", token.text(), token.text()));
        }
    }

    @Test
    void tellsStrangersTheSameWhateverTheyAskFor() {
        assertEquals(401, status(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/one"));
        assertEquals(401, status(HttpVersion.HTTP_1_1, HttpMethod.POST, "/nowhere", "wrong"));
        assertEquals(0, inside.get());
    }

    @Test
    void handsOnWhatIsNotListedWithoutTheToken() {
        for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            assertEquals(418, status(version, HttpMethod.GET, "/fn/demo/hello", token.text()));
            assertEquals(418, status(version, HttpMethod.GET, "/v1/one/more", token.text()));
            assertEquals(418, status(version, HttpMethod.GET, "/v1/many/a/b", token.text()));
        }
        assertEquals(6, inside.get());
    }

    @Test
    void refusesOtherMethodsOnListedPaths() {
        assertEquals(200, status(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/one", token.text()));
        assertEquals(405, status(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/v1/one", token.text()));
        assertEquals(200, status(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/many/a", token.text()));
        assertEquals(0, inside.get());
    }

    @Test
    void hangsUpOnWhoHasNoToken() {
        HttpClient client = vertx.createHttpClient();
        AtomicInteger closed = new AtomicInteger();
        HttpClientRequest request =
                Await.get(
                        client.request(
                                        HttpMethod.POST,
                                        server.actualPort(),
                                        "127.0.0.1",
                                        "/v1/logs")
                                .toCompletionStage());
        request.connection().closeHandler(end -> closed.incrementAndGet());
        request.setChunked(true);
        assertTrue(Await.get(request.sendHead().map(done -> true).toCompletionStage()));
        Await.until("the connection's end", () -> closed.get() == 1, closed::get);
        // Held so far: Vert.x itself closes the connections of a client that nobody holds.
        Await.get(client.close().toCompletionStage());
    }
}
