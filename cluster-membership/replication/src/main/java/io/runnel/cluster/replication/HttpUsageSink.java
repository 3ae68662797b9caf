package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatchCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of usage records to another region: {@code POST /v1/usage-batches} to the first of its
 * nodes that takes them. Safe for any thread.
 */
public final class HttpUsageSink implements UsageSink {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int MOST_ANSWER = 32;

    private final InternalClient client;
    private final List<Peer> peers;

    /**
     * Sends to these.
     *
     * @param peers of one region, in the order in which they are tried
     */
    public HttpUsageSink(InternalClient client, List<Peer> peers) {
        this.client = client;
        this.peers = List.copyOf(peers);
    }

    @Override
    public CompletionStage<Long> take(UsageBatch batch) {
        Buffer body = Buffer.buffer(UsageBatchCodec.encode(batch));
        CompletableFuture<Long> sent =
                CompletableFuture.failedFuture(
                        new ReplicationException(Code.UNREACHABLE, "no peer for usage records"));
        for (Peer peer : peers) {
            sent = sent.exceptionallyCompose(before -> send(peer, body));
        }
        return sent;
    }

    private CompletionStage<Long> send(Peer peer, Buffer body) {
        return client.request(HttpMethod.POST, peer, UsageHandler.PATH, IDLE)
                .compose(request -> post(request, body))
                .toCompletionStage();
    }

    private static Future<Long> post(HttpClientRequest request, Buffer body) {
        return request.putHeader("Content-Type", UsageBatchCodec.MEDIA_TYPE)
                .send(body)
                .compose(
                        response ->
                                BoundedBody.gather(response, MOST_ANSWER)
                                        .compose(text -> mark(response.statusCode(), text)))
                .onFailure(failure -> request.reset());
    }

    private static Future<Long> mark(int status, Buffer text) {
        return status == 200 && text.toString().matches("[0-9]{1,18}")
                ? Future.succeededFuture(Long.parseLong(text.toString()))
                : Future.failedFuture(
                        new ReplicationException(
                                Code.PEER_REFUSED, "usage records were answered " + status));
    }
}
