package io.runnel.exec.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;

/** What is still to come of a body whose beginning was gathered; counted against its limit. */
final class BodyRest implements ReadStream<Buffer> {
    private final HttpServerRequest request;
    private final long mostBytes;
    private long bytes;
    private Handler<Throwable> exceptionHandler = e -> {};
    private boolean failed;

    BodyRest(HttpServerRequest request, long bytes, long mostBytes) {
        this.request = request;
        this.bytes = bytes;
        this.mostBytes = mostBytes;
        request.handler(null);
        request.endHandler(null);
    }

    @Override
    public ReadStream<Buffer> handler(Handler<Buffer> handler) {
        request.handler(handler == null ? null : chunk -> take(chunk, handler));
        return this;
    }

    private void take(Buffer chunk, Handler<Buffer> handler) {
        bytes += chunk.length();
        if (failed) {
            return;
        }
        if (bytes > mostBytes) {
            failed = true;
            exceptionHandler.handle(new PayloadTooLargeException(mostBytes));
        } else {
            handler.handle(chunk);
        }
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
        exceptionHandler = handler == null ? e -> {} : handler;
        request.exceptionHandler(handler);
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        request.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        request.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        request.fetch(amount);
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(Handler<Void> handler) {
        request.endHandler(
                handler == null
                        ? null
                        : v -> {
                            if (!failed) {
                                handler.handle(null);
                            }
                        });
        return this;
    }
}
