package io.runnel.region.server;

import io.runnel.attestation.record.AuthorityCertificates;
import io.runnel.cluster.replication.CertificateHandler;
import io.runnel.cluster.replication.CodeHandler;
import io.runnel.cluster.replication.DocumentHandler;
import io.runnel.cluster.replication.FeedHandler;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.LogHandler;
import io.runnel.cluster.replication.PeerGate;
import io.runnel.cluster.replication.PeerMoveLink;
import io.runnel.cluster.replication.RevocationHandler;
import io.runnel.cluster.replication.SecretHandler;
import io.runnel.cluster.replication.SigningKeyHandler;
import io.runnel.cluster.replication.UsageHandler;
import io.runnel.cluster.replication.UsageSink;
import io.runnel.exec.admin.AdminListener;
import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.LambdaControl;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.http.UserTls;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.node.Intake;
import io.runnel.exec.task.ByteSize;
import io.runnel.region.server.authority.AuditHandler;
import io.runnel.region.server.control.ControlApi;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.topology.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The doors of a region's node: {@code listen} for users, {@code internal} for nodes, {@code admin}
 * for operators.
 */
record RegionListeners(
        NodeListener listen, NodeListener internal, NodeListener admin, FeedHandler feed) {
    /**
     * One connection of a POP carries many callers: as much as all its streams may send at once.
     */
    private static final ByteSize INTERNAL_WINDOW = ByteSize.ofMiB(16);

    /** And each that goes away, or is answered elsewhere first, is a reset: thousands a second. */
    private static final int INTERNAL_RESETS = 300_000;

    private static final long REVIEW_EVERY_MILLIS = 1_000;

    /**
     * Opens them, and waits until they are open: first the nodes' door, by which those of a region
     * that start at the same time find each other, then the users'.
     */
    static RegionListeners start(
            Inside inside,
            Vertx vertx,
            RegionFacts facts,
            RegionState state,
            AuthorityCertificates authorities,
            Executor disk,
            InstantSource clock,
            LongSupplier nanoClock) {
        FeedHandler feed =
                new FeedHandler(
                        vertx,
                        facts.region().name(),
                        state.feed(),
                        state.catalog()::sinceContact,
                        authorities,
                        FeedHandler.Settings.DEFAULT,
                        nanoClock);
        InternalRoutes routes =
                routes(vertx, state, disk, clock)
                        .on(
                                HttpMethod.POST,
                                UsageHandler.PATH,
                                new UsageHandler(
                                        vertx,
                                        inside.identity().transport()::caller,
                                        inside.usage()))
                        .on(HttpMethod.GET, InternalRoutes.PING, inside::ping)
                        .on(HttpMethod.GET, FeedHandler.PATH, feed)
                        .on(HttpMethod.GET, NetworkPicture.PATH, inside.picture().handler())
                        .on(HttpMethod.GET, RegionMates.PATH, inside.mates().handler())
                        .on(HttpMethod.GET, RollCall.PATH, inside.rollCall().handler())
                        .on(HttpMethod.POST, PeerMoveLink.PATH, inside.arrivals()::offer)
                        .on(HttpMethod.PATCH, PeerMoveLink.PATH, inside.arrivals()::bring)
                        .on(HttpMethod.PUT, PeerMoveLink.PATH, inside.arrivals()::goOn)
                        .on(HttpMethod.DELETE, PeerMoveLink.PATH, inside.arrivals()::drop)
                        .on(
                                HttpMethod.GET,
                                DocumentHandler.PATH,
                                new DocumentHandler(inside.identity().document()))
                        .on(
                                HttpMethod.GET,
                                AuditHandler.PATH,
                                new AuditHandler(vertx, inside.identity().authority(), disk));
        PeerGate gate = inside.identity().gate();
        NodeGates gates = inside.identity().gates(state.catalog()::current);
        vertx.setPeriodic(REVIEW_EVERY_MILLIS, tick -> feed.review(gates::mayFollow));
        NodeDoor door =
                new NodeDoor(
                        gate,
                        new NodeRights(facts.region().name()),
                        gates,
                        open(vertx, inside.identity(), gate, disk),
                        routes,
                        inside::sayLoad,
                        inside::fromNode,
                        disk,
                        inside.identity()::denied);
        RequestIds ids = new RequestIds(clock, ThreadLocalRandom::current);
        Doors doors = new Doors(vertx, ids, nanoClock);
        NodeListener internal =
                doors.open(
                        at(facts.node().internal())
                                .withWindow(INTERNAL_WINDOW)
                                .withResets(INTERNAL_RESETS)
                                .withSecurity(inside.identity().transport()::secure),
                        door::enter);
        inside.together().await();
        return new RegionListeners(
                doors.open(
                        at(facts.node().listen())
                                .withSecurity(new UserTls(inside.identity().users()::create)),
                        inside::fromUser),
                internal,
                doors.open(facts, inside, disk),
                feed);
    }

    /** What is open to everybody: it makes nodes somebody, and tells them when they are not. */
    private static InternalRoutes open(
            Vertx vertx, RegionIdentity identity, PeerGate gate, Executor workers) {
        var certificates = gate.open(new CertificateHandler(vertx, identity.certifier(), workers));
        return new InternalRoutes(request -> {})
                .on(HttpMethod.GET, CertificateHandler.PATH, certificates)
                .on(HttpMethod.POST, CertificateHandler.PATH, certificates)
                .on(
                        HttpMethod.GET,
                        RevocationHandler.PATH,
                        gate.open(new RevocationHandler(identity.revocations())));
    }

    private static ListenerSettings at(Address address) {
        return ListenerSettings.at(address.host(), address.port());
    }

    /** What is behind the doors. */
    record Inside(
            EdgeFront front,
            ControlApi control,
            NetworkPicture picture,
            RegionMates mates,
            RollCall rollCall,
            Together together,
            TaskRunner runner,
            List<AdminPage> pages,
            NodeLoad load,
            StockPage stock,
            RegionIdentity identity,
            UsageSink usage,
            RegionEvents events,
            ArrivalDoor arrivals,
            Intake intake) {
        private static final int HERE = 204;
        private static final int HERE_WITH_STOCK = 200;
        private static final int NO_MORE = 503;

        /** By this POPs know whether they may send calls. */
        void ping(HttpServerRequest request) {
            if (intake.isOpen()) {
                stock.answer(request, HERE, HERE_WITH_STOCK);
            } else {
                request.response().setStatusCode(NO_MORE).end();
            }
        }

        /** POPs go by it; what is relayed for a user's control call goes to the user. */
        void sayLoad(Exchange exchange) {
            if (!isControl(exchange) || InternalRoutes.PING.equals(exchange.request().path())) {
                load.putOn(exchange.response());
            }
        }

        void fromUser(Exchange exchange) {
            if (isControl(exchange)) {
                control.handle(exchange);
            } else {
                front.handle(exchange);
            }
        }

        void fromNode(Exchange exchange) {
            if (RegionEvents.isRun(exchange)) {
                events.run(exchange, front);
            } else if (isControl(exchange)) {
                RequestIds.forwarded(exchange.request().headers()).ifPresent(exchange::adopt);
                relayed(exchange);
            } else {
                front.handleForwarded(exchange);
            }
        }

        /** POPs forward what is of AWS Lambda's API, and regions relay that and all else. */
        private void relayed(Exchange exchange) {
            boolean byRegion =
                    !LambdaControl.handles(exchange.request().path())
                            || exchange.request().headers().contains(RunnelHeaders.RELAYED);
            if (byRegion) {
                control.handleRelayed(exchange);
            } else {
                control.handleForwarded(exchange);
            }
        }

        private static boolean isControl(Exchange exchange) {
            String path = exchange.request().path();
            return path != null && (ControlApi.handles(path) || LambdaControl.handles(path));
        }
    }

    private record Doors(Vertx vertx, RequestIds ids, LongSupplier nanoClock) {
        NodeListener open(ListenerSettings settings, Consumer<Exchange> handler) {
            return NodeListener.start(vertx, settings, ids, nanoClock, handler)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }

        NodeListener open(RegionFacts facts, Inside inside, Executor workers) {
            Address at = facts.node().admin();
            return AdminListener.start(
                            vertx,
                            at.host(),
                            at.port(),
                            facts.token(),
                            inside.runner(),
                            inside.pages(),
                            workers,
                            ids,
                            nanoClock)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    private static InternalRoutes routes(
            Vertx vertx, RegionState state, Executor disk, InstantSource clock) {
        CallerSecrets callers = new CallerSecrets(state.store(), state.seal(), clock);
        SecretHandler secrets = new SecretHandler(vertx, state.secrets()::values, disk);
        LogHandler logs = new LogHandler(vertx, new StoreLogSink(state.store()));
        CodeHandler code = new CodeHandler(vertx, state.codes(), disk);
        return new InternalRoutes(request -> {})
                .on(HttpMethod.GET, CodeHandler.PATH, code)
                .on(HttpMethod.HEAD, CodeHandler.PATH, code)
                .on(HttpMethod.GET, SecretHandler.PATH, secrets)
                .on(
                        HttpMethod.GET,
                        SigningKeyHandler.PATH,
                        new SigningKeyHandler(vertx, callers::signingKey, disk))
                .on(HttpMethod.POST, LogHandler.PATH, logs);
    }

    /** Tells users who keep connections to let them go, or no longer. */
    void turnAway(boolean yes, Duration patience) {
        listen.turnAway(yes, patience);
    }

    /** Ends the feeds, which never end by themselves, lets the rest end, then closes; waits. */
    void drain(Duration patience) {
        feed.close();
        Future.all(listen.drain(patience), internal.drain(patience), admin.drain(Duration.ZERO))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
