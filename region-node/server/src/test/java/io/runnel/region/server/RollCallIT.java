package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.ReplicationException;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

final class RollCallIT {
    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");
    private static final NodeName C = new NodeName("c");
    private static final RegionId WEST = new RegionId("eu-west");

    private final Vertx vertx = Vertx.vertx();
    private final List<RollCall> calls = new ArrayList<>();

    /** A node's sightings, and a permit for each time that it saw somebody anew. */
    private final class Node {
        final Semaphore news = new Semaphore(0);
        final Sightings sightings;
        final RollCall call;

        Node(NodeName self, Map<NodeName, Peer> mates) {
            sightings = new Sightings(self, mates.keySet(), System::nanoTime);
            call =
                    new RollCall(
                            self,
                            mates,
                            InternalClient.from("127.0.0.1", vertx::createHttpClient),
                            sightings,
                            System::nanoTime,
                            news::release);
            calls.add(call);
        }

        void awaitNews() throws InterruptedException {
            if (!news.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new AssertionError("only seen: " + sightings.seen());
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        calls.forEach(RollCall::close);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Peer serve(Handler<HttpServerRequest> handler) throws Exception {
        InternalRoutes routes =
                new InternalRoutes(request -> {}).on(HttpMethod.GET, RollCall.PATH, handler);
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(routes)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
        return new Peer(WEST, "127.0.0.1", server.actualPort());
    }

    @Test
    void whoAsksAndWhoAnswersSeeEachOther() throws Exception {
        Peer nowhere = new Peer(WEST, "127.0.0.1", 1);
        Node b = new Node(B, Map.of(A, nowhere, C, nowhere));
        Node a = new Node(A, Map.of(B, serve(b.call.handler()), C, nowhere));
        a.call.ask();
        b.awaitNews();
        a.awaitNews();
        assertEquals(Set.of(A, B), a.sightings.seen());
        assertEquals(Set.of(A, B), b.sightings.seen(), "though a does not listen");
        assertEquals(0, a.news.availablePermits() + b.news.availablePermits());
    }

    @Test
    void whoTakesConnectionsAndDoesNotAnswerIsNotSeen() throws Exception {
        Semaphore asked = new Semaphore(0);
        Node c = new Node(C, Map.of());
        Peer mute = serve(request -> asked.release());
        Node a = new Node(A, Map.of(B, mute, C, serve(c.call.handler())));
        a.call.ask();
        assertEquals(true, asked.tryAcquire(30, TimeUnit.SECONDS));
        assertEquals(Set.of(A), a.sightings.seen(), "nor who knows no a");
    }

    @Test
    void strangersAreToldNothing() throws Exception {
        Node a = new Node(A, Map.of(B, new Peer(WEST, "127.0.0.1", 1)));
        Peer peer = serve(a.call.handler());
        InternalClient client = new InternalClient(vertx::createHttpClient);
        for (String name : List.of("c", "a", "no%20name", "b%2F")) {
            ExecutionException refused =
                    assertThrows(
                            ExecutionException.class,
                            () ->
                                    client.get(peer, RollCall.PATH + name, 0, Duration.ofSeconds(9))
                                            .toCompletionStage()
                                            .toCompletableFuture()
                                            .get(30, TimeUnit.SECONDS));
            assertEquals(
                    "answered 404", ((ReplicationException) refused.getCause()).getMessage(), name);
        }
        assertEquals(Set.of(A), a.sightings.seen());
        client.close();
    }
}
