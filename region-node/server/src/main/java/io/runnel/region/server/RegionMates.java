package io.runnel.region.server;

import io.runnel.cluster.replication.CodeFetcher;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.region.server.control.Companions;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The other nodes of this region: who of them is there, and code that they keep too. Safe for any
 * thread.
 */
final class RegionMates implements Companions {
    /** Where a node is asked to fetch code that another node of its region has, by its digest. */
    static final String PATH = "/v1/keep/";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    private final RegionFacts facts;
    private final Supplier<Set<NodeName>> seen;
    private final BooleanSupplier confirmed;
    private final InternalClient client;
    private final CodeFetcher fetcher;

    /**
     * Of this node's region.
     *
     * @param seen the region's nodes that this one sees, itself included
     * @param confirmed whether another region has confirmed what is known here
     */
    RegionMates(
            RegionFacts facts,
            Supplier<Set<NodeName>> seen,
            BooleanSupplier confirmed,
            InternalClient client,
            CodeFetcher fetcher) {
        this.facts = facts;
        this.seen = seen;
        this.confirmed = confirmed;
        this.client = client;
        this.fetcher = fetcher;
    }

    @Override
    public boolean mayWrite() {
        int all = facts.region().nodes().size();
        return all == 1 || Admission.isMost(seen.get().size(), all);
    }

    @Override
    public boolean isConfirmed() {
        return facts.others().isEmpty() || confirmed.getAsBoolean();
    }

    @Override
    public CompletionStage<Void> keep(CodeDigest digest) {
        Collection<Peer> mates = facts.mates().values();
        if (mates.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> kept = new CompletableFuture<>();
        CompletableFuture<?>[] asked =
                mates.stream()
                        .map(mate -> ask(mate, digest, kept))
                        .toArray(CompletableFuture[]::new);
        var unused =
                CompletableFuture.allOf(asked)
                        .whenComplete(
                                (done, failure) ->
                                        kept.completeExceptionally(
                                                new IllegalStateException(
                                                        "no other node keeps it")));
        return kept;
    }

    private CompletableFuture<?> ask(Peer mate, CodeDigest digest, CompletableFuture<Void> kept) {
        return client.get(mate, PATH + digest, 0, PATIENCE)
                .onSuccess(answer -> kept.complete(null))
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Answers once the code is here. */
    Handler<HttpServerRequest> handler() {
        return request -> {
            String digest = request.path().substring(PATH.length());
            if (!CodeDigest.isValid(digest)) {
                request.response().setStatusCode(BAD_REQUEST).end();
                return;
            }
            var unused =
                    fetcher.fetch(new CodeDigest(digest), facts.codeSources())
                            .whenComplete(
                                    (done, failure) ->
                                            request.response()
                                                    .setStatusCode(
                                                            failure == null ? OK : UNAVAILABLE)
                                                    .end());
        };
    }
}
