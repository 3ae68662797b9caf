package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that are too large for memory, each received into a file that goes with its answer. On
 * the requests' event loops.
 */
final class RequestFiles {
    /** At once. */
    static final int MOST = 4;

    /** The largest module, in Base64, and what is said of it. */
    static final ByteSize MOST_BYTES = ByteSize.ofMiB(48);

    /** A request that is here. */
    record Received(Path file, CodeDigest digest) {}

    private final Vertx vertx;
    private final Path folder;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong names = new AtomicLong();

    RequestFiles(Vertx vertx, Path folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    /**
     * Receives a request's body.
     *
     * @throws RefusedException if it says that it is too large, or there are as many already
     */
    CompletionStage<Received> receive(Exchange exchange) {
        if (Upload.announcedBytes(exchange.request()) > MOST_BYTES.bytes()) {
            throw new RefusedException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "at most %s".formatted(MOST_BYTES));
        }
        if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            throw new RefusedException(ErrorCode.OVER_CAPACITY);
        }
        Path file = folder.resolve("request-" + names.incrementAndGet());
        exchange.whenFinished(() -> remove(file));
        return new Upload(vertx, exchange, file, MOST_BYTES.bytes())
                .receive()
                .thenApply(digest -> new Received(file, digest));
    }

    private void remove(Path file) {
        var unused =
                vertx.fileSystem()
                        .delete(file.toString())
                        .onComplete(gone -> underWay.decrementAndGet());
    }
}
