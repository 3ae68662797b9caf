package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Small bodies, gathered within a limit and a time; and what is left of refused ones. */
final class RequestBody {
    static final long LONGEST_MS = 30_000;

    /** What is read and dropped of a refused request, so that its connection can be kept. */
    static final long MOST_DROPPED_BYTES = 1 << 20;

    private RequestBody() {}

    /** What the request says that it brings; 0 if it does not say. */
    static long announcedBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    /** Says to a client that waits for it that the body may come, and lets it. */
    static void letCome(HttpServerRequest request) {
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    static CompletionStage<Buffer> gather(Vertx vertx, HttpServerRequest request, int mostBytes) {
        CompletableFuture<Buffer> gathered = new CompletableFuture<>();
        if (announcedBytes(request) > mostBytes) {
            gathered.completeExceptionally(tooLarge(mostBytes));
            return gathered;
        }
        Buffer body = Buffer.buffer();
        request.handler(
                chunk -> {
                    if (body.length() + chunk.length() > mostBytes) {
                        gathered.completeExceptionally(tooLarge(mostBytes));
                    } else if (!gathered.isDone()) {
                        body.appendBuffer(chunk);
                    }
                });
        request.endHandler(end -> gathered.complete(body));
        request.exceptionHandler(
                gone ->
                        gathered.completeExceptionally(
                                new RefusedException(ErrorCode.BAD_REQUEST)));
        long timer =
                vertx.setTimer(
                        LONGEST_MS,
                        late ->
                                gathered.completeExceptionally(
                                        new RefusedException(ErrorCode.REQUEST_TIMEOUT)));
        letCome(request);
        return gathered.whenComplete((whole, failure) -> vertx.cancelTimer(timer));
    }

    private static RefusedException tooLarge(int mostBytes) {
        return new RefusedException(
                ErrorCode.PAYLOAD_TOO_LARGE, "at most %d bytes".formatted(mostBytes));
    }

    /**
     * Lets the rest of a body that nobody wants come and drops it; too much of it closes the
     * connection. To be called before the answer is sent.
     */
    static void drop(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        if (announcedBytes(request) > MOST_DROPPED_BYTES
                && request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        long[] dropped = {0};
        request.handler(
                chunk -> {
                    dropped[0] += chunk.length();
                    if (dropped[0] > MOST_DROPPED_BYTES) {
                        request.connection().close();
                    }
                });
        request.endHandler(end -> {});
        request.exceptionHandler(gone -> {});
        request.resume();
    }
}
