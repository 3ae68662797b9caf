package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Answers {@code POST /v1/logs}: lines of tasks' logs from another node, as NDJSON, at most 1 MiB.
 * 204 says that they are kept. A batch that comes a second time, because its answer was lost, is
 * not kept twice: the header {@code Runnel-Batch} names it. Safe for any thread.
 */
public final class LogHandler implements Handler<HttpServerRequest> {
    /** Where logs are sent. */
    public static final String PATH = "/v1/logs";

    /** The header with the batch's id. */
    static final String BATCH = "Runnel-Batch";

    static final int MOST_BODY_BYTES = 1024 * 1024;

    private static final Logger LOG = System.getLogger(LogHandler.class.getName());
    private static final int MOST_AT_ONCE = 32;

    private final RecentBatches recent = new RecentBatches();
    private final Permits permits = new Permits(MOST_AT_ONCE, 0);
    private final Vertx vertx;
    private final LogSink sink;

    public LogHandler(Vertx vertx, LogSink sink) {
        this.vertx = vertx;
        this.sink = sink;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String id = request.getHeader(BATCH);
        if (id == null || !LogBatch.isId(id)) {
            Refusal.BAD_REQUEST.send(request);
            return;
        }
        permits.tryAcquire()
                .ifPresentOrElse(
                        permit -> gather(request, id, permit),
                        () -> Refusal.OVER_CAPACITY.send(request));
    }

    private void gather(HttpServerRequest request, String id, Permits.Permit permit) {
        Context loop = vertx.getOrCreateContext();
        BoundedBody.gather(request, MOST_BODY_BYTES)
                .toCompletionStage()
                .thenCompose(body -> keep(id, body))
                .whenComplete(
                        (done, failure) -> {
                            permit.release();
                            loop.runOnContext(
                                    back -> answer(request, Optional.ofNullable(failure)));
                        });
    }

    private CompletionStage<Void> keep(String id, Buffer body) {
        return recent.once(id, () -> sink.append(LogLines.read(id, body)));
    }

    private static void answer(HttpServerRequest request, Optional<Throwable> failure) {
        if (failure.isEmpty()) {
            request.response().setStatusCode(204).end();
        } else {
            refuse(request, refusal(Causes.unwrap(failure.get())));
        }
    }

    private static void refuse(HttpServerRequest request, Refusal refusal) {
        if (refusal == Refusal.PAYLOAD_TOO_LARGE) {
            refusal.sendAndClose(request);
        } else {
            refusal.send(request);
        }
    }

    private static Refusal refusal(Throwable failure) {
        if (failure instanceof ReplicationException known) {
            if (known.code() == Code.TOO_LARGE) {
                return Refusal.PAYLOAD_TOO_LARGE;
            }
            if (known.code() == Code.BAD_LINE || known.code() == Code.LINE_TOO_LONG) {
                return Refusal.BAD_REQUEST;
            }
        }
        LOG.log(Level.WARNING, "lines of logs were not kept", failure);
        return Refusal.INTERNAL_ERROR;
    }
}
