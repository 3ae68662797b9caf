package io.runnel.region.server;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A region's node as another meets it on {@code internal}: it does what a test tells it. */
final class FakeSibling {
    final String name;
    final BlockingQueue<HttpServerRequest> calls = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile int load;
    private volatile Handler<HttpServerRequest> onCall;

    FakeSibling(Vertx vertx, String name) throws Exception {
        this.name = name;
        this.onCall = this::answer;
        this.server =
                vertx.createHttpServer()
                        .requestHandler(this::handle)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        request.response().putHeader("Runnel-Load", Integer.toString(load));
        if (request.path().equals("/v1/ping")) {
            request.response().setStatusCode(204).end();
        } else {
            onCall.handle(request);
            calls.add(request);
        }
    }

    private void answer(HttpServerRequest request) {
        request.response().putHeader("Runnel-Ran-At", "region/west/" + name).end("there");
    }

    int port() {
        return server.actualPort();
    }

    /** What it says of its load from now on. */
    void says(int percent) {
        load = percent;
    }

    void onCall(Handler<HttpServerRequest> handler) {
        onCall = handler;
    }

    /** The next call that came here. */
    HttpServerRequest next() throws InterruptedException {
        HttpServerRequest next = calls.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no call comes to " + name);
        }
        return next;
    }
}
