package io.runnel.routing.forward;

import io.runnel.exec.http.Ticker;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One event loop's ways to all regions. For that loop only, but for {@link #run}, {@link #linkUp}
 * and {@link #linkDown}.
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
    private final Map<RegionId, List<Lane>> lanes = new HashMap<>();
    private final Map<RegionLink, Lane> byLink = new HashMap<>();
    private final NodeChoice choice;
    private int calls;

    LoopLanes(Shared shared, List<RegionLink> links, RegionHealth health) {
        this.shared = shared;
        this.context = shared.vertx().getOrCreateContext();
        this.ticker = new Ticker(shared.vertx());
        this.choice = new NodeChoice(new SplittableRandom(shared.random().nextLong()));
        for (RegionLink link : links) {
            Lane lane = new Lane(this, link, health);
            lanes.computeIfAbsent(link.region(), region -> new ArrayList<>()).add(lane);
            byLink.put(link, lane);
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
            shared.budget().earn(nanoTime());
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

    /** The ways that a call may go, in the order in which they are tried. */
    List<Lane> lanes(List<RegionId> regions, NodeStart.Of starts) {
        List<Lane> found = new ArrayList<>();
        for (RegionId region : regions) {
            List<Lane> nodes = lanes.get(region);
            if (nodes == null) {
                throw new IllegalArgumentException("no way to region: " + region);
            }
            if (nodes.size() == 1) {
                found.add(nodes.getFirst());
            } else {
                for (int place : choice.order(nodes.stream().map(n -> n.node(starts)).toList())) {
                    found.add(nodes.get(place));
                }
            }
        }
        return found;
    }

    /** The way to the node where a call goes on; a region's only one leads to all of its nodes. */
    Optional<Lane> lane(MovedTo to) {
        List<Lane> nodes = lanes.getOrDefault(to.region(), List.of());
        return nodes.size() == 1
                ? Optional.of(nodes.getFirst())
                : nodes.stream()
                        .filter(lane -> lane.link().node().filter(to.node()::equals).isPresent())
                        .findFirst();
    }

    /** Has it done on this event loop. From any thread. */
    void run(Runnable step) {
        context.runOnContext(turned -> step.run());
    }

    /** From any thread. */
    void linkUp(RegionLink link) {
        run(byLink.get(link)::prepare);
    }

    /** From any thread. */
    void linkDown(RegionLink link) {
        run(byLink.get(link)::down);
    }
}
