package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A region's {@code internal} listener that does what a test tells it. */
final class FakeRegion implements AutoCloseable {
    /** One connection carries many callers, and whoever leaves is a reset. */
    private static final int MOST_RESETS = 10_000;

    final RegionId name;
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger pings = new AtomicInteger();
    final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    final BlockingQueue<HttpConnection> connected = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile Handler<HttpServerRequest> onCall = request -> request.response().end();
    private volatile int pingStatus = 204;
    private volatile boolean silent;
    private volatile String load = "";

    private FakeRegion(Vertx vertx, String name, int port) {
        this.name = new RegionId(name);
        var options =
                new HttpServerOptions()
                        .setHttp2ClearTextEnabled(true)
                        .setHttp2RstFloodMaxRstFramePerWindow(MOST_RESETS);
        this.server =
                vertx.createHttpServer(options)
                        .connectionHandler(this::connected)
                        .requestHandler(this::handle);
        Await.value(server.listen(port, "127.0.0.1"));
    }

    static FakeRegion start(Vertx vertx, String name) {
        return new FakeRegion(vertx, name, 0);
    }

    /** The same region again, at the same address. */
    FakeRegion restart(Vertx vertx) {
        return new FakeRegion(vertx, name.value(), server.actualPort());
    }

    RegionLink link() {
        var address = new Address("127.0.0.1", server.actualPort());
        return new RegionLink(name, address, Duration.ofMillis(10));
    }

    FakeRegion onCall(Handler<HttpServerRequest> handler) {
        onCall = handler;
        return this;
    }

    /** Answers every call with its own name. */
    FakeRegion thatSaysItsName() {
        return onCall(request -> request.response().end(name.value()));
    }

    /** Notes of every call its path, the length that it says and its body; answers "once". */
    BlockingQueue<String> thatNotesBodies() {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        onCall(request -> request.body().onSuccess(body -> note(request, body, seen)));
        return seen;
    }

    private static void note(HttpServerRequest request, Buffer body, Queue<String> seen) {
        seen.add(request.uri() + " " + request.getHeader("Content-Length") + " " + body);
        request.response().end("once");
    }

    void pingStatus(int status) {
        pingStatus = status;
    }

    /** What it says of its load on every answer, pings' included. */
    void says(String percent) {
        load = percent;
    }

    /** From now on takes everything and answers nothing, not even pings. */
    void fallSilent() {
        silent = true;
    }

    private void connected(HttpConnection connection) {
        connections.add(connection);
        connected.add(connection);
        connection.closeHandler(closed -> connections.remove(connection));
    }

    private void handle(HttpServerRequest request) {
        boolean ping = request.path().equals("/v1/ping");
        (ping ? pings : calls).incrementAndGet();
        if (silent) {
            return;
        }
        if (!load.isEmpty()) {
            request.response().putHeader("Runnel-Load", load);
        }
        if (ping) {
            request.response().setStatusCode(pingStatus).end();
        } else {
            onCall.handle(request);
        }
    }

    /** As {@code kill -9} would: every connection breaks, nobody listens any more. */
    void kill() {
        connections.forEach(HttpConnection::close);
        Await.value(server.close());
    }

    @Override
    public void close() {
        kill();
    }
}
