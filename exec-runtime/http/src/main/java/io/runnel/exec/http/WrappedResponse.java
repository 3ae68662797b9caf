package io.runnel.exec.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;

import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.util.Set;

/**
 * A response that hands on what is done to it. Whoever extends it sees all of an answer by {@link
 * #setStatusCode}, {@link #headers}, {@link #writeHead}, {@link #write(Buffer)} and the two {@code
 * end}: all other ways to write come by these, or are refused. For its event loop.
 */
public abstract class WrappedResponse implements HttpServerResponse {
    private final HttpServerResponse to;

    /** Hands on to this one. */
    protected WrappedResponse(HttpServerResponse to) {
        this.to = to;
    }

    /** The one that it hands on to. */
    protected final HttpServerResponse to() {
        return to;
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("answers of calls are not written so");
    }

    @Override
    public HttpServerResponse exceptionHandler(Handler<Throwable> handler) {
        to.exceptionHandler(handler);
        return this;
    }

    @Override
    public HttpServerResponse setWriteQueueMaxSize(int maxSize) {
        to.setWriteQueueMaxSize(maxSize);
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return to.writeQueueFull();
    }

    @Override
    public HttpServerResponse drainHandler(Handler<Void> handler) {
        to.drainHandler(handler);
        return this;
    }

    @Override
    public int getStatusCode() {
        return to.getStatusCode();
    }

    @Override
    public HttpServerResponse setStatusCode(int statusCode) {
        to.setStatusCode(statusCode);
        return this;
    }

    @Override
    public String getStatusMessage() {
        return to.getStatusMessage();
    }

    @Override
    public HttpServerResponse setStatusMessage(String statusMessage) {
        to.setStatusMessage(statusMessage);
        return this;
    }

    @Override
    public HttpServerResponse setChunked(boolean chunked) {
        to.setChunked(chunked);
        return this;
    }

    @Override
    public boolean isChunked() {
        return to.isChunked();
    }

    @Override
    public MultiMap headers() {
        return to.headers();
    }

    @Override
    public final HttpServerResponse putHeader(String name, String value) {
        headers().set(name, value);
        return this;
    }

    @Override
    public final HttpServerResponse putHeader(CharSequence name, CharSequence value) {
        headers().set(name, value);
        return this;
    }

    @Override
    public final HttpServerResponse putHeader(String name, Iterable<String> values) {
        headers().set(name, values);
        return this;
    }

    @Override
    public final HttpServerResponse putHeader(CharSequence name, Iterable<CharSequence> values) {
        headers().set(name, values);
        return this;
    }

    @Override
    public MultiMap trailers() {
        return to.trailers();
    }

    @Override
    public final HttpServerResponse putTrailer(String name, String value) {
        trailers().set(name, value);
        return this;
    }

    @Override
    public final HttpServerResponse putTrailer(CharSequence name, CharSequence value) {
        trailers().set(name, value);
        return this;
    }

    @Override
    public final HttpServerResponse putTrailer(String name, Iterable<String> values) {
        trailers().set(name, values);
        return this;
    }

    @Override
    public final HttpServerResponse putTrailer(CharSequence name, Iterable<CharSequence> values) {
        trailers().set(name, values);
        return this;
    }

    @Override
    public HttpServerResponse closeHandler(Handler<Void> handler) {
        to.closeHandler(handler);
        return this;
    }

    @Override
    public HttpServerResponse endHandler(Handler<Void> handler) {
        to.endHandler(handler);
        return this;
    }

    @Override
    public Future<Void> writeHead() {
        return to.writeHead();
    }

    @Override
    public Future<Void> write(Buffer data) {
        return to.write(data);
    }

    @Override
    public final Future<Void> write(String chunk, String enc) {
        return write(Buffer.buffer(chunk, enc));
    }

    @Override
    public final Future<Void> write(String chunk) {
        return write(Buffer.buffer(chunk));
    }

    @Override
    public Future<Void> writeContinue() {
        return to.writeContinue();
    }

    @Override
    public final Future<Void> writeEarlyHints(MultiMap headers) {
        throw unsupported();
    }

    @Override
    public final Future<Void> end(String chunk) {
        return end(Buffer.buffer(chunk));
    }

    @Override
    public final Future<Void> end(String chunk, String enc) {
        return end(Buffer.buffer(chunk, enc));
    }

    @Override
    public Future<Void> end(Buffer chunk) {
        return to.end(chunk);
    }

    @Override
    public Future<Void> end() {
        return to.end();
    }

    @Override
    public final Future<Void> sendFile(String filename, long offset, long length) {
        throw unsupported();
    }

    @Override
    public final Future<Void> sendFile(FileChannel channel, long offset, long length) {
        throw unsupported();
    }

    @Override
    public final Future<Void> sendFile(RandomAccessFile file, long offset, long length) {
        throw unsupported();
    }

    @Override
    public boolean ended() {
        return to.ended();
    }

    @Override
    public boolean closed() {
        return to.closed();
    }

    @Override
    public boolean headWritten() {
        return to.headWritten();
    }

    @Override
    public HttpServerResponse headersEndHandler(Handler<Void> handler) {
        to.headersEndHandler(handler);
        return this;
    }

    @Override
    public HttpServerResponse bodyEndHandler(Handler<Void> handler) {
        to.bodyEndHandler(handler);
        return this;
    }

    @Override
    public long bytesWritten() {
        return to.bytesWritten();
    }

    @Override
    public int streamId() {
        return to.streamId();
    }

    @Override
    public final Future<HttpServerResponse> push(
            HttpMethod method, HostAndPort authority, String path, MultiMap headers) {
        throw unsupported();
    }

    @Override
    public Future<Void> reset(long code) {
        return to.reset(code);
    }

    @Override
    public final Future<Void> writeCustomFrame(int type, int flags, Buffer payload) {
        throw unsupported();
    }

    @Override
    public final HttpServerResponse addCookie(Cookie cookie) {
        throw unsupported();
    }

    @Override
    public final Cookie removeCookie(String name, boolean invalidate) {
        throw unsupported();
    }

    @Override
    public final Set<Cookie> removeCookies(String name, boolean invalidate) {
        throw unsupported();
    }

    @Override
    public final Cookie removeCookie(String name, String domain, String path, boolean invalidate) {
        throw unsupported();
    }
}
