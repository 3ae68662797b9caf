package io.runnel.region.server.control;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.ByteSize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads what a request brings, does what it asks for, and sends the answer. */
final class OperationRunner {
    static final int MOST_IN_FLIGHT = 256;
    static final ByteSize MOST_JSON = ByteSize.ofKiB(256);

    private final Companions companions;
    private final Writes writes;
    private final RequestFiles files;
    private final Executor disk;
    private final AtomicInteger inFlight = new AtomicInteger();

    /**
     * Runs operations.
     *
     * @param disk where large bodies are read
     */
    OperationRunner(Companions companions, Writes writes, RequestFiles files, Executor disk) {
        this.disk = disk;
        this.companions = companions;
        this.writes = writes;
        this.files = files;
    }

    /** Does it and answers; on the request's event loop. */
    void run(Route route, Call call) {
        if (route.isWrite() && !companions.mayWrite()) {
            throw new RefusedException(ControlError.MINORITY);
        }
        if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
            inFlight.decrementAndGet();
            throw new RefusedException(ErrorCode.OVER_CAPACITY);
        }
        Exchange exchange = call.exchange();
        exchange.whenFinished(inFlight::decrementAndGet);
        switch (route.body()) {
            case NONE -> answer(exchange, () -> once(route, call, Buffer.buffer()));
            case STREAM -> answer(exchange, () -> route.operation().run(call));
            case FILE -> answer(exchange, () -> withFile(route, call));
            case DOCUMENT -> {
                requireJson(call);
                exchange.gather(
                        BodyLimits.whole(DocumentBody.MOST),
                        body -> answer(exchange, () -> withDocument(route, call, body.head())));
            }
            case JSON -> {
                if (!route.isLambda()) {
                    requireJson(call);
                }
                exchange.gather(
                        BodyLimits.whole(MOST_JSON),
                        body -> answer(exchange, () -> once(route, call, body.head())));
            }
        }
    }

    private CompletionStage<? extends Reply> withFile(Route route, Call call) {
        return call.arrival().file().isPresent()
                ? route.operation().run(call)
                : files.receive(call.exchange(), call.account())
                        .thenCompose(received -> route.operation().run(call.with(received.file())));
    }

    private static void answer(
            Exchange exchange, Supplier<CompletionStage<? extends Reply>> operation) {
        CompletionStage<? extends Reply> reply;
        try {
            reply = operation.get();
        } catch (RuntimeException e) {
            reply = CompletableFuture.<Reply>failedFuture(e);
        }
        reply.whenComplete(
                (done, failure) ->
                        exchange.onLoop(
                                () -> {
                                    if (failure == null) {
                                        send(exchange, done);
                                    } else {
                                        exchange.refuse(Failures.problem(failure));
                                    }
                                }));
    }

    private static void requireJson(Call call) {
        String type = call.header("Content-Type").orElse("application/json");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new RefusedException(ControlError.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private CompletionStage<? extends Reply> withDocument(Route route, Call call, Buffer body) {
        return CompletableFuture.supplyAsync(() -> DocumentBody.read(body), disk)
                .thenComposeAsync(
                        read -> once(route, call, body, read).thenApply(Function.<Reply>identity()),
                        call.exchange()::onLoop);
    }

    private CompletionStage<? extends Reply> once(Route route, Call call, Buffer body) {
        return once(route, call, body, JsonBody.read(body));
    }

    private CompletionStage<? extends Reply> once(
            Route route, Call call, Buffer body, JsonBody json) {
        Call read =
                call.with(
                        json,
                        route.isWrite() ? writes.memory(call, body.getBytes()) : Optional.empty());
        return writes.once(read, () -> route.operation().run(read));
    }

    private static void send(Exchange exchange, Reply reply) {
        if (exchange.isFinished()) {
            return;
        }
        switch (reply) {
            case Reply.Whole whole -> sendWhole(exchange.response(), whole);
            case Reply.Streamed streamed -> streamed.writer().accept(exchange);
        }
    }

    private static void sendWhole(HttpServerResponse response, Reply.Whole whole) {
        response.setStatusCode(whole.status());
        whole.headers().forEach(response::putHeader);
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (whole.body().isPresent()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            response.end(whole.body().get().toString());
        } else {
            response.end();
        }
    }
}
