package io.runnel.region.server;

import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.CodeDigest;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.placement.RegionStock;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;

/**
 * What this node says to POPs of what it has: with the answers to their pings, to each when it is
 * not what that POP was told last. Safe for any thread.
 */
final class StockPage {
    private final CodeKeeper keeper;
    private final TaskRunner runner;
    private volatile Said said = new Said(RegionStock.UNKNOWN.format());

    /** A text, and a name by which POPs say that they know it. */
    private record Said(String text, String name) {
        Said(String text) {
            this(
                    text,
                    CodeDigest.of(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                            .brief());
        }
    }

    StockPage(CodeKeeper keeper, TaskRunner runner) {
        this.keeper = keeper;
        this.runner = runner;
    }

    /** Takes stock anew; to be called after changes and now and then. */
    void look() {
        String now = stock().format();
        if (!now.equals(said.text())) {
            said = new Said(now);
        }
    }

    private RegionStock stock() {
        CodeKeeper.Shelf shelf = keeper.shelf();
        List<CodeDigest> warm = runner.warm(RegionStock.MOST_WARM + 1);
        boolean all = warm.size() <= RegionStock.MOST_WARM;
        boolean few = shelf.lacking().size() <= RegionStock.MOST_LACKING;
        FeedPositions known = few ? shelf.known() : keeper.held();
        List<CodeDigest> lacking = few ? shelf.lacking() : List.of();
        return new RegionStock(
                known, lacking, all ? warm : warm.subList(0, RegionStock.MOST_WARM), all);
    }

    /** Answers a ping: with what it has, unless that is known there. */
    void answer(HttpServerRequest ping, int sameStatus, int otherStatus) {
        Said now = said;
        if (now.name().equals(ping.getHeader(RunnelHeaders.STOCK))) {
            ping.response().setStatusCode(sameStatus).end();
        } else {
            ping.response()
                    .setStatusCode(otherStatus)
                    .putHeader(RunnelHeaders.STOCK, now.name())
                    .end(now.text());
        }
    }
}
