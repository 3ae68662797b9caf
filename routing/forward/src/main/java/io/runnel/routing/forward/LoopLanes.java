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
import java.util.random.RandomGenerator;

/**
 * One event loop's ways to all regions. For that loop only, but for {@link #regionUp} and {@link
 * #regionDown}.
 */
final class LoopLanes {
    /**
     * What all event loops of a POP's forwarding share.
     *
     * @param random for moments that are not to be the same for all; safe for any thread
     */
    record Shared(
            Vertx vertx,
            HttpClientAgent client,
            RequestHead head,
            RetryBudget budget,
            ForwardCounts counts,
            RandomGenerator random,
            LongSupplier nanoClock) {}

    private final Shared shared;
    private final Context context;
    private final Ticker ticker;
    private final Map<RegionId, Lane> lanes = new HashMap<>();
    private int calls;

    LoopLanes(Shared shared, List<RegionLink> links, RegionHealth health) {
        this.shared = shared;
        this.context = shared.vertx().getOrCreateContext();
        this.ticker = new Ticker(shared.vertx());
        for (RegionLink link : links) {
            lanes.put(link.region(), new Lane(this, link, health));
        }
    }

    Vertx vertx() {
        return shared.vertx();
    }

    HttpClientAgent client() {
        return shared.client();
    }

    RetryBudget budget() {
        return shared.budget();
    }

    ForwardCounts counts() {
        return shared.counts();
    }

    RandomGenerator random() {
        return shared.random();
    }

    LongSupplier nanoClock() {
        return shared.nanoClock();
    }

    /** A call is sent for the first time. */
    void sentFirst() {
        shared.counts().first();
        if (++calls == RetryBudget.CALLS_FOR_ONE) {
            calls = 0;
            shared.budget().earn();
        }
    }

    Ticker ticker() {
        return ticker;
    }

    RequestHead head() {
        return shared.head();
    }

    ForwardSettings settings() {
        return shared.head().settings();
    }

    long nanoTime() {
        return shared.nanoClock().getAsLong();
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
