package io.runnel.region.server;

import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.isolate.Tenants;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.forward.ForwardCall;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.ForwardSettings;
import io.runnel.routing.forward.HealthSettings;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionForwarder;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionLink;
import io.runnel.routing.forward.RegionState;
import io.runnel.routing.journal.CallTrace;
import io.runnel.topology.RegionNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The other nodes of this node's region, to which it hands on calls that find no slot here. What
 * they have room for they say themselves, with answers to pings and to calls. As many calls as they
 * have slots are handed on at once: what they said is up to half a second old.
 *
 * <p>{@link #haveRoom} and {@link #handOn} are for calls' event loops and never block; the rest is
 * for any thread.
 */
final class Siblings implements AutoCloseable {
    private final RegionId region;
    private final int slots;
    private final TaskRunner runner;
    private final RegionHealth health;
    private final RegionForwarder forwarder;
    private final AtomicInteger away = new AtomicInteger();

    /**
     * Those of this node; empty if it is its region's only one.
     *
     * @param runner what runs calls here
     * @param clients makes what connects to the others, and secures it
     * @param random safe for any thread
     * @param nanoClock monotonic, the clock of the calls' deadlines
     */
    static Optional<Siblings> of(
            Vertx vertx,
            RegionFacts facts,
            TaskRunner runner,
            BiFunction<HttpClientOptions, PoolOptions, HttpClientAgent> clients,
            RandomGenerator random,
            LongSupplier nanoClock) {
        return facts.siblings().isEmpty()
                ? Optional.empty()
                : Optional.of(new Siblings(vertx, facts, runner, clients, random, nanoClock));
    }

    private Siblings(
            Vertx vertx,
            RegionFacts facts,
            TaskRunner runner,
            BiFunction<HttpClientOptions, PoolOptions, HttpClientAgent> clients,
            RandomGenerator random,
            LongSupplier nanoClock) {
        this.region = facts.region().name();
        this.slots = facts.siblings().stream().mapToInt(RegionNode::slots).sum();
        this.runner = runner;
        List<RegionLink> links = links(facts);
        this.health = new RegionHealth(vertx, HealthSettings.DEFAULT, links, clients, nanoClock);
        this.forwarder =
                new RegionForwarder(
                        vertx,
                        ForwardSettings.of(facts.node().name()),
                        links,
                        health,
                        clients,
                        random,
                        nanoClock);
    }

    private static List<RegionLink> links(RegionFacts facts) {
        return RegionLink.from(facts.node().name().value(), facts.topology()).stream()
                .filter(link -> link.region().equals(facts.region().name()))
                .filter(link -> !link.internal().equals(facts.node().internal()))
                .toList();
    }

    /** Begins to ask how they are, and connects to them from each of this door's event loops. */
    void start(NodeListener door) {
        health.start();
        door.onEachLoop(forwarder::prepare);
    }

    /** Whether one of them would take a call that finds no slot here. */
    boolean haveRoom() {
        RegionState best = health.state(region);
        return best.reach() == RegionState.Reach.UP
                && best.breaker() != RegionState.Breaker.OPEN
                && isRoomierThanHere(best.loadPercent())
                && away.get() < slots;
    }

    /** It has a slot free; or it lets calls wait for one, and here they would be refused. */
    private boolean isRoomierThanHere(int loadPercent) {
        return loadPercent < NodeLoad.CALM
                || (loadPercent < NodeLoad.FULL
                        && NodeLoad.percent(runner.loadReport()) >= NodeLoad.FULL);
    }

    /**
     * Has one of them answer a call.
     *
     * @param body whole
     * @param back goes on with the call here if none of them takes it; nothing of it is lost
     */
    void handOn(EdgeCall call, GatheredBody body, CallTrace trace, Runnable back) {
        ForwardCall onward =
                new ForwardCall(
                        Tenants.of(call.version().task(), call.caller()),
                        call.deadlineNanos(),
                        List.of(region),
                        NodeStart.Of.UNKNOWN,
                        () -> true,
                        true,
                        headers -> {});
        away.incrementAndGet();
        trace.goesToRegions();
        forwarder
                .forward(call.exchange(), body, onward)
                .onSuccess(
                        result -> {
                            away.decrementAndGet();
                            trace.asked(result.by(), result.asked());
                            if (result instanceof ForwardResult.Unreached) {
                                back.run();
                            }
                        });
    }

    /** Calls that were handed on and are not answered yet. */
    int away() {
        return away.get();
    }

    @Override
    public void close() {
        forwarder.close();
        health.close();
    }
}
