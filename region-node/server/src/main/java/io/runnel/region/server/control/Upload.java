package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.CodeDigest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A body on its way into a file, hashed as it comes, not faster than the disk takes it. On the
 * request's event loop.
 */
final class Upload {
    static final long LONGEST_MS = 120_000;

    private final Vertx vertx;
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final Path path;
    private final long mostBytes;
    private final MessageDigest hash = CodeDigest.newHash();
    private final CompletableFuture<CodeDigest> received = new CompletableFuture<>();
    private long bytes;
    private long timer = -1;

    Upload(Vertx vertx, Exchange exchange, Path path, long mostBytes) {
        this.vertx = vertx;
        this.exchange = exchange;
        this.request = exchange.request();
        this.path = path;
        this.mostBytes = mostBytes;
    }

    /** What the request says that it brings; 0 if it does not say. */
    static long announcedBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    /** Done when the file is closed, with the digest of what is in it. */
    CompletionStage<CodeDigest> receive() {
        request.pause();
        OpenOptions options = new OpenOptions().setCreateNew(true).setRead(false);
        vertx.fileSystem()
                .open(path.toString(), options)
                .onSuccess(this::receiveInto)
                .onFailure(failure -> received.completeExceptionally(Failures.disk(failure)));
        return received.whenComplete((digest, failure) -> vertx.cancelTimer(timer));
    }

    private void receiveInto(AsyncFile file) {
        timer =
                vertx.setTimer(
                        LONGEST_MS,
                        late -> fail(file, new RefusedException(ErrorCode.REQUEST_TIMEOUT)));
        file.exceptionHandler(failure -> fail(file, Failures.disk(failure)));
        file.drainHandler(drained -> request.resume());
        request.handler(chunk -> take(file, chunk));
        exchange.whenGone(() -> fail(file, new RefusedException(ErrorCode.BAD_REQUEST)));
        request.endHandler(
                end ->
                        file.close()
                                .onSuccess(
                                        closed ->
                                                received.complete(CodeDigest.ofHash(hash.digest())))
                                .onFailure(
                                        failure ->
                                                received.completeExceptionally(
                                                        Failures.disk(failure))));
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private void take(AsyncFile file, Buffer chunk) {
        if (received.isDone()) {
            return;
        }
        bytes += chunk.length();
        if (bytes > mostBytes) {
            fail(file, new RefusedException(ErrorCode.PAYLOAD_TOO_LARGE));
            return;
        }
        hash.update(chunk.getBytes());
        file.write(chunk).onFailure(failure -> fail(file, Failures.disk(failure)));
        if (file.writeQueueFull()) {
            request.pause();
        }
    }

    private void fail(AsyncFile file, RuntimeException failure) {
        if (received.completeExceptionally(failure)) {
            request.resume();
            file.close();
        }
    }
}
