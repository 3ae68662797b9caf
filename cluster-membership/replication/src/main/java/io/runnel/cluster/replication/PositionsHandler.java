package io.runnel.cluster.replication;

import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedPositions;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers {@code GET /v1/positions[?covers=POSITIONS&waitMs=N]}: {@code
 * {"positions":"eu-west/LOG:41","covered":true}}, how far this node's catalog is. With {@code
 * covers} it answers as soon as the catalog covers these, or after N milliseconds that it does not:
 * so a deploy learns within a moment that another region has it. Safe for any thread.
 */
public final class PositionsHandler implements Handler<HttpServerRequest> {
    /** Where positions are asked for. */
    public static final String PATH = "/v1/positions";

    private static final long LONGEST_WAIT_MS = 30_000;
    private static final int MOST_WAITING = 256;

    /** A request that waits for the catalog to cover something. */
    private record Waiting(HttpServerRequest request, FeedPositions covers, Context context) {
        boolean isMet(Catalog catalog) {
            FeedPositions known = catalog.positions();
            return covers.of().entrySet().stream()
                    .allMatch(
                            asked ->
                                    known.covers(
                                            asked.getKey(),
                                            asked.getValue().log(),
                                            asked.getValue().seq()));
        }
    }

    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final Vertx vertx;
    private final CatalogHolder holder;

    public PositionsHandler(Vertx vertx, CatalogHolder holder) {
        this.vertx = vertx;
        this.holder = holder;
        holder.onChange((before, after) -> wake(after));
    }

    @Override
    public void handle(HttpServerRequest request) {
        Optional<FeedPositions> covers = covers(request);
        Optional<Long> waitMs = waitMs(request);
        if (covers.isEmpty() || waitMs.isEmpty()) {
            Refusal.BAD_REQUEST.send(request);
        } else if (waiting.size() >= MOST_WAITING) {
            Refusal.OVER_CAPACITY.send(request);
        } else {
            await(new Waiting(request, covers.get(), vertx.getOrCreateContext()), waitMs.get());
        }
    }

    private void await(Waiting asked, long waitMs) {
        waiting.add(asked);
        // Only once it is listed: what is changed from here on wakes it.
        if (waitMs == 0 || asked.isMet(holder.current())) {
            answer(asked);
            return;
        }
        long timer = vertx.setTimer(waitMs, late -> answer(asked));
        asked.request()
                .response()
                .closeHandler(
                        gone -> {
                            vertx.cancelTimer(timer);
                            waiting.remove(asked);
                        });
        asked.request().response().endHandler(done -> vertx.cancelTimer(timer));
    }

    private void wake(Catalog catalog) {
        for (Waiting one : waiting) {
            if (one.isMet(catalog)) {
                one.context().runOnContext(now -> answer(one));
            }
        }
    }

    private void answer(Waiting asked) {
        if (waiting.remove(asked)) {
            Catalog catalog = holder.current();
            asked.request()
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(
                            "{\"positions\":\"%s\",\"covered\":%s}"
                                    .formatted(catalog.positions().format(), asked.isMet(catalog)));
        }
    }

    private static Optional<FeedPositions> covers(HttpServerRequest request) {
        try {
            return Optional.of(
                    FeedPositions.parse(
                            Optional.ofNullable(request.getParam("covers")).orElse("")));
        } catch (CatalogException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> waitMs(HttpServerRequest request) {
        try {
            String asked = Optional.ofNullable(request.getParam("waitMs")).orElse("0");
            long waitMs = Long.parseLong(asked);
            return waitMs < 0 ? Optional.empty() : Optional.of(Math.min(waitMs, LONGEST_WAIT_MS));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
