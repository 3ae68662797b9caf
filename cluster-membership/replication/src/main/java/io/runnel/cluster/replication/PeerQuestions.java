package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.CodeDigest;
import io.runnel.routing.catalog.FeedPositions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Small questions to another node. Each fails with a {@link ReplicationException}, or an accident
 * of the network, when it is not answered. Safe for any thread; never blocks.
 */
public final class PeerQuestions {
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final int MOST_ANSWER_BYTES = 128 * 1024;

    private final InternalClient client;
    private final LongSupplier nanoClock;

    public PeerQuestions(InternalClient client, LongSupplier nanoClock) {
        this.client = client;
        this.nanoClock = nanoClock;
    }

    /** Whether it is there; how long it took to say so. */
    public CompletableFuture<Duration> ping(Peer peer) {
        long startNs = nanoClock.getAsLong();
        return client.request(HttpMethod.GET, peer, InternalRoutes.PING, IDLE)
                .compose(HttpClientRequest::send)
                .compose(answer -> expect(answer, 204))
                .map(there -> Duration.ofNanos(nanoClock.getAsLong() - startNs))
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Whether it holds this code. */
    public CompletableFuture<Boolean> holds(Peer peer, CodeDigest digest) {
        return client.request(HttpMethod.HEAD, peer, CodeHandler.PATH + digest, IDLE)
                .compose(HttpClientRequest::send)
                .compose(
                        answer ->
                                answer.statusCode() == 404
                                        ? Future.succeededFuture(false)
                                        : expect(answer, 200).map(there -> true))
                .toCompletionStage()
                .toCompletableFuture();
    }

    /**
     * Whether its catalog covers these positions.
     *
     * @param longest how long it may wait for that before it says no
     */
    public CompletableFuture<Boolean> covers(Peer peer, FeedPositions positions, Duration longest) {
        String uri =
                "%s?covers=%s&waitMs=%d"
                        .formatted(PositionsHandler.PATH, positions.format(), longest.toMillis());
        return client.request(HttpMethod.GET, peer, uri, longest.plus(IDLE))
                .compose(HttpClientRequest::send)
                .compose(
                        answer ->
                                expect(answer, 200)
                                        .compose(
                                                good ->
                                                        BoundedBody.gather(
                                                                good, MOST_ANSWER_BYTES)))
                .map(body -> JsonLine.read(body.getBytes()).flag("covered"))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static Future<HttpClientResponse> expect(HttpClientResponse answer, int status) {
        return answer.statusCode() == status
                ? Future.succeededFuture(answer)
                : Future.failedFuture(
                        new ReplicationException(
                                Code.PEER_REFUSED, "answered " + answer.statusCode()));
    }
}
