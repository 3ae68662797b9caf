package io.runnel.region.server;

import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.task.NodeName;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Asks the other nodes of the region whether they are there, and tells them by the same question
 * that this one is: who starts is seen before it listens. It goes the way that calls and code go,
 * and needs no agreement between nodes: what Hazelcast takes for its members hangs on one of them,
 * and when that one stands still, on what the others make of it.
 *
 * <p>Safe for any thread; never blocks.
 */
final class RollCall implements AutoCloseable {
    /** Where a node is asked; the name of who asks follows. */
    static final String PATH = "/v1/here/";

    /** How often it is to be asked: several times in the life of a sign of life. */
    static final Duration EVERY = Duration.ofMillis(500);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final NodeName self;
    private final Map<NodeName, Peer> mates;
    private final InternalClient client;
    private final Sightings sightings;
    private final LongSupplier nanoClock;
    private final Runnable onNew;

    /**
     * Of this node among its mates.
     *
     * @param client for this alone, so that no other request's connection is waited for, and from
     *     this node's own address; closed with it
     * @param onNew what to do when a node is seen that was not seen before
     */
    RollCall(
            NodeName self,
            Map<NodeName, Peer> mates,
            InternalClient client,
            Sightings sightings,
            LongSupplier nanoClock,
            Runnable onNew) {
        this.self = self;
        this.mates = Map.copyOf(mates);
        this.client = client;
        this.sightings = sightings;
        this.nanoClock = nanoClock;
        this.onNew = onNew;
    }

    /** Asks each of them. */
    void ask() {
        mates.forEach(
                (name, peer) -> {
                    long asked = nanoClock.getAsLong();
                    client.get(peer, PATH + self, 0, PATIENCE).onSuccess(here -> note(name, asked));
                });
    }

    private void note(NodeName mate, long nanos) {
        if (sightings.note(mate, nanos)) {
            onNew.run();
        }
    }

    /** Answers a mate that it is here. */
    Handler<HttpServerRequest> handler() {
        return request -> {
            String name = request.path().substring(PATH.length());
            boolean known = NodeName.isValid(name) && mates.containsKey(new NodeName(name));
            if (known) {
                note(new NodeName(name), nanoClock.getAsLong());
            }
            request.response().setStatusCode(known ? OK : NOT_FOUND).end();
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
