package io.runnel.region.server;

import io.runnel.cluster.replication.CodeFetcher;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.Problem;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.LocalCalls;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a region does with a call that may be made: it runs it, after a bounded wait for a slot.
 * Code that is not here is fetched from another region first. Runs on the call's event loop and
 * never blocks.
 */
final class RegionEdge {
    private final Vertx vertx;
    private final RegionId region;
    private final LocalCalls local;
    private final CodeStore codes;
    private final CodeFetcher fetcher;
    private final List<Peer> peers;

    RegionEdge(
            Vertx vertx,
            RegionId region,
            LocalCalls local,
            CodeStore codes,
            CodeFetcher fetcher,
            List<Peer> peers) {
        this.vertx = vertx;
        this.region = region;
        this.local = local;
        this.codes = codes;
        this.fetcher = fetcher;
        this.peers = List.copyOf(peers);
    }

    void handle(EdgeCall call) {
        List<RegionId> bound = call.version().regions();
        if (!bound.isEmpty() && !bound.contains(region)) {
            call.exchange()
                    .refuse(
                            Problem.of(ErrorCode.REGION_UNREACHABLE)
                                    .withDetail("The task is bound to other regions."));
            return;
        }
        Task task = call.version().task();
        call.exchange()
                .gather(
                        BodyLimits.of(task),
                        body -> {
                            if (codes.holds(task.code())) {
                                run(call, body);
                            } else {
                                fetchThenRun(call, body);
                            }
                        });
    }

    private void fetchThenRun(EdgeCall call, GatheredBody body) {
        Context loop = vertx.getOrCreateContext();
        CompletableFuture<Void> unused =
                fetcher.fetch(call.version().task().code(), peers)
                        .whenComplete(
                                (done, failure) -> loop.runOnContext(back -> run(call, body)));
    }

    private void run(EdgeCall call, GatheredBody body) {
        local.enqueue(call, body, answer -> {});
    }
}
