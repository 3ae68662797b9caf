package io.runnel.region.server;

import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.durable.EventDispatcher;
import io.runnel.exec.durable.EventDispatcher.Place;
import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.Ticker;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.node.Intake;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.Companions;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.routing.edge.KeptCall;
import io.runnel.routing.edge.LocalCalls.TaskLog;
import io.runnel.routing.journal.NodeMeters;
import io.runnel.routing.placement.Proof;
import io.runnel.topology.RegionNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Calls of a region that nobody waits for, at one of its nodes: taken in, or made by schedules,
 * kept in the region's store, run when there is room. Half of the node's slots are for them at
 * most. Safe for any thread; but for {@link #close} never blocks.
 *
 * @param intake where calls go that are to be kept
 * @param workers where calendars are read
 */
record RegionEvents(
        EventStore store,
        InternalClient client,
        EventTally tally,
        EventDispatcher dispatcher,
        EventIntake intake,
        Ticker ticker,
        Executor workers)
        implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RegionEvents.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration TO_GIVE_BACK = Duration.ofSeconds(5);

    /**
     * Those of a node.
     *
     * @param mates whether this node may make events by schedules
     * @param log where a task's owner is told of events that are given up
     * @param random safe for any thread
     */
    static RegionEvents of(
            RegionFacts facts,
            RegionState state,
            Companions mates,
            RegionIdentity identity,
            TaskLog log,
            Executor workers,
            RandomGenerator random,
            InstantSource clock) {
        RegionNode node = facts.node();
        Place place = new Place(facts.region().name().value(), node.name().value(), most(node));
        InternalClient client =
                InternalClient.withConnections(place.most(), identity.transport()::client);
        Peer self = new Peer(facts.region().name(), node.internal().host(), node.internal().port());
        EventTally tally = new EventTally(log);
        EventStore store = state.store().events();
        EventDispatcher dispatcher =
                new EventDispatcher(
                        place,
                        store,
                        new EventLoopback(client, self, workers),
                        task -> rule(state.catalog().current(), task),
                        tally,
                        clock,
                        random);
        EventIntake intake = new EventIntake(store, clock, dispatcher::wake);
        RegionSchedules schedules =
                new RegionSchedules(facts.region().name(), state.catalog()::current, mates);
        Ticker ticker = new Ticker(store, schedules::ticking, clock, dispatcher::wake);
        return new RegionEvents(store, client, tally, dispatcher, intake, ticker, workers);
    }

    private static EventRule rule(Catalog now, TaskRef task) {
        return now.task(task).map(TaskRecord::eventRule).orElse(EventRule.DEFAULT);
    }

    private static int most(RegionNode node) {
        return Math.clamp(node.slots() / 2, 1, EventStore.MOST_CLAIMED);
    }

    /** Begins to run what is kept; when the node listens. Takes nothing while the node does not. */
    void start(Vertx vertx, Intake open, NodeMeters meters) {
        tally.register(meters);
        meters.counter(
                "runnel.schedules.ticks",
                "Ticks of schedules that this node made calls of",
                ticker,
                Ticker::kept);
        meters.counter(
                "runnel.schedules.failed",
                "Times that a tick could not become a call, and was to wait",
                ticker,
                Ticker::failed);
        open.onChange(() -> follow(open));
        follow(open);
        vertx.setPeriodic(EVERY.toMillis(), tick -> tick());
    }

    private void follow(Intake open) {
        if (open.isOpen()) {
            dispatcher.start();
        } else {
            dispatcher.stop();
        }
    }

    private void tick() {
        dispatcher.tick();
        workers.execute(ticker::look);
        var unused = store.queued().thenAccept(tally::queued);
    }

    /** Whether a request asks for one of them to be run. */
    static boolean isRun(Exchange exchange) {
        String path = exchange.request().path();
        return path != null
                && path.startsWith(EventLoopback.PATH)
                && exchange.request().method().equals(HttpMethod.POST);
    }

    /** Runs one that this node has, and that does not run yet. */
    void run(Exchange exchange, EdgeFront front) {
        String id = exchange.request().path().substring(EventLoopback.PATH.length());
        if (!RequestId.isValid(id)) {
            exchange.refuse(ErrorCode.NOT_FOUND);
            return;
        }
        dispatcher
                .begin(new RequestId(id))
                .ifPresentOrElse(
                        event -> front.handleKept(exchange, call(event)),
                        // It goes on elsewhere, or later.
                        () -> exchange.refuse(ErrorCode.RUNTIME_UNAVAILABLE));
    }

    private static KeptCall call(KeptEvent event) {
        Proof proof =
                switch (event.kind()) {
                    case CALL -> new Proof.Proved(event.caller());
                    case LETTER, TICK -> new Proof.Owner();
                };
        return new KeptCall(
                event.id(),
                event.asked().task(),
                event.asked().named(),
                proof,
                event.asked().source(),
                Buffer.buffer(event.payload()));
    }

    /** Gives back what did not end. Blocks. */
    @Override
    public void close() {
        ticker.stop();
        try {
            dispatcher.close().orTimeout(TO_GIVE_BACK.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            LOG.log(Level.WARNING, "events are run when their leases end: {0}", e.getMessage());
        }
        client.close();
    }
}
