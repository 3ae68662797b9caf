package io.runnel.routing.forward;

import io.runnel.exec.http.Ticker;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One event loop's ways to all regions. For that loop only, but for {@link #regionUp} and {@link
 * #regionDown}.
 */
final class LoopLanes {
    private final Vertx vertx;
    private final Context context;
    private final RequestHead head;
    private final LongSupplier nanoClock;
    private final Ticker ticker;
    private final Map<RegionId, Lane> lanes = new HashMap<>();

    LoopLanes(
            Vertx vertx,
            HttpClientAgent client,
            RequestHead head,
            List<RegionLink> links,
            RegionHealth health,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.head = head;
        this.nanoClock = nanoClock;
        this.ticker = new Ticker(vertx);
        for (RegionLink link : links) {
            var lane = new Lane(vertx, client, head.settings(), link, health, nanoClock);
            lanes.put(link.region(), lane);
        }
    }

    Vertx vertx() {
        return vertx;
    }

    Ticker ticker() {
        return ticker;
    }

    RequestHead head() {
        return head;
    }

    ForwardSettings settings() {
        return head.settings();
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    Lane lane(RegionId region) {
        Lane lane = lanes.get(region);
        if (lane == null) {
            throw new IllegalArgumentException("no way to region: " + region);
        }
        return lane;
    }

    /** From any thread. */
    void regionUp(RegionId region) {
        context.runOnContext(turned -> lane(region).prepare());
    }

    /** From any thread. */
    void regionDown(RegionId region) {
        context.runOnContext(turned -> lane(region).down());
    }
}
