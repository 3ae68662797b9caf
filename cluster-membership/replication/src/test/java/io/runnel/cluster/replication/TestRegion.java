package io.runnel.cluster.replication;

import io.runnel.attestation.record.AuthorityCertificates;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

import java.time.Duration;

/** A region's internal listener with a feed, on a free port, behind a link. */
final class TestRegion {
    /** As served, but quicker to tell and to lose patience. */
    static final FeedHandler.Settings QUICK =
            new FeedHandler.Settings(4, 2, Duration.ofMillis(50), Duration.ofMillis(300));

    final RegionId name;
    final FakeFeedLog log;
    final CatalogHolder contacts = new CatalogHolder(System::nanoTime);
    final AuthorityCertificates authorities =
            TestSigners.certificates(OriginLog.WEST, OriginLog.EAST);
    final FeedHandler feed;
    final TestLink link;
    private final HttpServer server;

    TestRegion(Vertx vertx, RegionId name, FakeFeedLog log) {
        this(vertx, name, log, QUICK);
    }

    TestRegion(Vertx vertx, RegionId name, FakeFeedLog log, FeedHandler.Settings settings) {
        this.name = name;
        this.log = log;
        this.feed =
                new FeedHandler(
                        vertx,
                        name,
                        log,
                        contacts::sinceContact,
                        authorities,
                        settings,
                        System::nanoTime);
        InternalRoutes routes =
                new InternalRoutes(request -> request.response().setStatusCode(418).end())
                        .on(HttpMethod.GET, FeedHandler.PATH, feed);
        this.server =
                vertx.createHttpServer(
                                new HttpServerOptions().setSendBufferSize(TestLink.BUFFER_BYTES))
                        .requestHandler(routes);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
        this.link = new TestLink(vertx, server.actualPort());
    }

    /** By way of the link. */
    Peer peer() {
        return new Peer(name, "127.0.0.1", link.port());
    }
}
