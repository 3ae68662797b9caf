package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Answers {@code GET /v1/feed?after=POSITIONS}. */
public final class FeedHandler implements Handler<HttpServerRequest> {
    /** Where the feed is. */
    public static final String PATH = "/v1/feed";

    /**
     * Serves this log.
     *
     * @param own the region that this node is of
     * @param sinceContact how long ago another region confirmed
     * @param nanoClock monotonic, in nanoseconds
     */
    public FeedHandler(
            Vertx vertx,
            RegionId own,
            FeedLog log,
            Function<RegionId, Optional<Duration>> sinceContact,
            LongSupplier nanoClock) {}

    @Override
    public void handle(HttpServerRequest request) {
        Refusal.OVER_CAPACITY.send(request);
    }
}
