package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of log lines to another region: {@code POST /v1/logs} to the first of its nodes that
 * takes them. Safe for any thread.
 */
public final class HttpLogSink implements LogSink {
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final InternalClient client;
    private final List<Peer> peers;

    /**
     * Sends to these.
     *
     * @param peers of one region, in the order in which they are tried
     */
    public HttpLogSink(InternalClient client, List<Peer> peers) {
        this.client = client;
        this.peers = List.copyOf(peers);
    }

    @Override
    public CompletionStage<Void> append(LogBatch batch) {
        CompletableFuture<Void> sent =
                CompletableFuture.failedFuture(
                        new ReplicationException(Code.UNREACHABLE, "no peer for log lines"));
        for (Peer peer : peers) {
            sent = sent.exceptionallyCompose(before -> send(peer, batch));
        }
        return sent;
    }

    private CompletionStage<Void> send(Peer peer, LogBatch batch) {
        return client.request(HttpMethod.POST, peer, LogHandler.PATH, IDLE)
                .compose(request -> post(request, batch))
                .toCompletionStage();
    }

    private static Future<Void> post(HttpClientRequest request, LogBatch batch) {
        return request.putHeader(LogHandler.BATCH, batch.id())
                .putHeader("Content-Type", "application/x-ndjson")
                .send(LogLines.write(batch))
                .compose(response -> response.end().map(end -> response.statusCode()))
                .compose(HttpLogSink::judge)
                .onFailure(failure -> request.reset());
    }

    private static Future<Void> judge(int status) {
        return switch (status) {
            case 204 -> Future.succeededFuture();
            case 400 -> refused(Code.BAD_LINE, status);
            case 413 -> refused(Code.TOO_LARGE, status);
            default -> refused(Code.PEER_REFUSED, status);
        };
    }

    private static Future<Void> refused(Code code, int status) {
        return Future.failedFuture(
                new ReplicationException(code, "log lines were answered " + status));
    }
}
