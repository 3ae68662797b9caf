package io.runnel.cluster.replication;

import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.NodeName;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatchCodec;
import io.runnel.routing.usage.UsageFormatException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers {@code POST /v1/usage-batches}: what a node's calls took, at most 1 MiB, by that node
 * itself. 200 tells before which place of its spool everything is kept. Safe for any thread.
 */
public final class UsageHandler implements Handler<HttpServerRequest> {
    /** Where batches are sent. */
    public static final String PATH = "/v1/usage-batches";

    private static final Logger LOG = System.getLogger(UsageHandler.class.getName());
    private static final int MOST_AT_ONCE = 16;

    private final Permits permits = new Permits(MOST_AT_ONCE, 0);
    private final Vertx vertx;
    private final Function<HttpServerRequest, Optional<Identity>> callers;
    private final UsageSink sink;

    /**
     * Hands batches on.
     *
     * @param callers who sends a request
     */
    public UsageHandler(
            Vertx vertx, Function<HttpServerRequest, Optional<Identity>> callers, UsageSink sink) {
        this.vertx = vertx;
        this.callers = callers;
        this.sink = sink;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Optional<NodeName> sender = callers.apply(request).flatMap(UsageHandler::node);
        if (sender.isEmpty()) {
            Refusal.FORBIDDEN.send(request);
            return;
        }
        permits.tryAcquire()
                .ifPresentOrElse(
                        permit -> gather(request, sender.get(), permit),
                        () -> Refusal.OVER_CAPACITY.send(request));
    }

    private static Optional<NodeName> node(Identity who) {
        return switch (who) {
            case Identity.RegionNode node -> Optional.of(node.node());
            case Identity.Pop pop -> Optional.of(new NodeName(pop.pop().value()));
            case Identity.Root _ -> Optional.empty();
            case Identity.Authority _ -> Optional.empty();
            case Identity.Supervisor _ -> Optional.empty();
        };
    }

    private void gather(HttpServerRequest request, NodeName sender, Permits.Permit permit) {
        Context loop = vertx.getOrCreateContext();
        BoundedBody.gather(request, UsageBatchCodec.MOST_BYTES)
                .compose(body -> read(sender, body))
                .toCompletionStage()
                .thenCompose(sink::take)
                .whenComplete(
                        (mark, failure) -> {
                            permit.release();
                            loop.runOnContext(
                                    back -> {
                                        if (failure == null) {
                                            request.response().end(Long.toString(mark));
                                        } else {
                                            refuse(request, Causes.unwrap(failure));
                                        }
                                    });
                        });
    }

    /** Thousands of records: not on the event loop, where calls would wait for it. */
    private Future<UsageBatch> read(NodeName sender, Buffer body) {
        return vertx.executeBlocking(() -> batch(sender, body), false);
    }

    /** A node speaks of its own runs only. */
    private static UsageBatch batch(NodeName sender, Buffer body) {
        UsageBatch batch = UsageBatchCodec.decode(body.getBytes());
        if (!batch.spool().node().equals(sender)) {
            throw new UsageFormatException(
                    "%s sends usage of %s".formatted(sender, batch.spool().node()));
        }
        return batch;
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        switch (failure) {
            case ReplicationException known when known.code() == Code.TOO_LARGE ->
                    Refusal.PAYLOAD_TOO_LARGE.sendAndClose(request);
            case UsageFormatException bad -> {
                LOG.log(Level.WARNING, "usage records were refused: {0}", bad.getMessage());
                Refusal.BAD_REQUEST.send(request);
            }
            default -> {
                LOG.log(Level.WARNING, "usage records were not kept", failure);
                Refusal.INTERNAL_ERROR.send(request);
            }
        }
    }
}
