package io.runnel.exec.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A response that nobody waits for: what is written goes nowhere, but it is as if somebody had read
 * it at once. For its event loop.
 */
public final class QuietResponse extends WrappedResponse {
    private static final int OK = 200;

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final MultiMap trailers = MultiMap.caseInsensitiveMultiMap();
    private Handler<Void> whenEnded = v -> {};
    private int status = OK;
    private boolean headWritten;
    private boolean ended;
    private boolean over;
    private long bytes;

    /**
     * In place of a client's.
     *
     * @param instead what is not done here, as a stream's number, is asked of it
     */
    public QuietResponse(HttpServerResponse instead) {
        super(instead);
    }

    @Override
    public HttpServerResponse exceptionHandler(Handler<Throwable> handler) {
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public HttpServerResponse drainHandler(Handler<Void> handler) {
        return this;
    }

    @Override
    public HttpServerResponse closeHandler(Handler<Void> handler) {
        return this;
    }

    @Override
    public HttpServerResponse headersEndHandler(Handler<Void> handler) {
        return this;
    }

    @Override
    public HttpServerResponse bodyEndHandler(Handler<Void> handler) {
        return this;
    }

    @Override
    public HttpServerResponse setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    @Override
    public HttpServerResponse setChunked(boolean chunked) {
        return this;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    @Override
    public int getStatusCode() {
        return status;
    }

    @Override
    public HttpServerResponse setStatusCode(int statusCode) {
        status = statusCode;
        return this;
    }

    @Override
    public MultiMap headers() {
        return headers;
    }

    @Override
    public MultiMap trailers() {
        return trailers;
    }

    @Override
    public HttpServerResponse endHandler(Handler<Void> handler) {
        whenEnded = handler;
        return this;
    }

    @Override
    public Future<Void> writeHead() {
        headWritten = true;
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> write(Buffer data) {
        headWritten = true;
        bytes += data.length();
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> writeContinue() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end(Buffer chunk) {
        bytes += chunk.length();
        return end();
    }

    @Override
    public Future<Void> end() {
        headWritten = true;
        ended = true;
        finish();
        return Future.succeededFuture();
    }

    /** It is over without an end. */
    @Override
    public Future<Void> reset(long code) {
        finish();
        return Future.succeededFuture();
    }

    private void finish() {
        if (!over) {
            over = true;
            whenEnded.handle(null);
        }
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean closed() {
        return over;
    }

    @Override
    public boolean headWritten() {
        return headWritten;
    }

    @Override
    public long bytesWritten() {
        return bytes;
    }
}
