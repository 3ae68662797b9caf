package io.runnel.cluster.replication;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;

/** One piece of code on its way to a peer. For the thread of the request. */
final class CodeAnswer {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final Duration STALL = Duration.ofSeconds(10);

    private final byte[] code;
    private final PacedResponse response;
    private int sent;

    CodeAnswer(Vertx vertx, HttpServerRequest request, byte[] code, Runnable onClosed) {
        this.code = code;
        request.response()
                .putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Integer.toString(code.length));
        this.response = new PacedResponse(vertx, request, STALL, this::send, onClosed);
    }

    void send() {
        while (sent < code.length && !response.full()) {
            int next = Math.min(PIECE_BYTES, code.length - sent);
            response.write(Buffer.buffer(next).appendBytes(code, sent, next));
            sent += next;
        }
        if (sent == code.length && !response.full()) {
            response.end();
        }
    }
}
