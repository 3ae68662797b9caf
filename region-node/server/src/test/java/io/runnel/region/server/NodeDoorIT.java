package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.gate.OwnDocument;
import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.PeerDirectory;
import io.runnel.cluster.replication.PeerGate;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.cluster.replication.RevocationHandler;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Who gets what at the door of a region's node, over TLS. */
final class NodeDoorIT {
    private static final Topology TOPOLOGY = topology();
    private static final RegionId EU = new RegionId("eu-west");
    private static final RegionId US = new RegionId("us-east");

    private final Vertx vertx = Vertx.vertx();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final CertifiedKey root = CertificateAuthority.root("net", clock.instant(), random);
    private final ConcurrentLinkedQueue<String> inside = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> denied = new ConcurrentLinkedQueue<>();
    private int port;

    private static Topology topology() {
        try {
            return TopologyReader.parse(
                    "policies: [{action: replicate, require: [{fact: zone, in: [a]}]}]\n"
                            + Files.readString(
                                    Path.of("../../topology/examples/two-regions.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void open() throws Exception {
        PeerTransport transport = transport(node(EU, "eu-west-1"), EU);
        PeerGate gate = new PeerGate(transport, new PeerDirectory(TOPOLOGY, EU.value()));
        InternalRoutes open =
                new InternalRoutes(request -> {})
                        .on(HttpMethod.GET, RevocationHandler.PATH, gate.open(this::serve));
        InternalRoutes routes =
                new InternalRoutes(request -> {})
                        .on(HttpMethod.GET, InternalRoutes.PING, this::serve)
                        .on(HttpMethod.GET, "/v1/feed", this::serve)
                        .on(HttpMethod.GET, RollCall.PATH, this::serve);
        NodeDoor door =
                new NodeDoor(
                        gate,
                        new NodeRights(EU),
                        new NodeGates(
                                EU,
                                TOPOLOGY,
                                () -> Catalog.EMPTY,
                                new PeerDocuments(
                                        new DocumentVerifier(new ChainVerifier(root.certificate())),
                                        "net"),
                                clock),
                        open,
                        routes,
                        exchange -> inside.add("admitted"),
                        exchange -> serve(exchange.request()),
                        workers,
                        (who, denial) -> denied.add(who.uri() + " " + denial.text()));
        port =
                NodeListener.start(
                                vertx,
                                ListenerSettings.at("127.0.0.1", 0)
                                        .withLoops(1)
                                        .withSecurity(transport::secure),
                                new RequestIds(clock, ThreadLocalRandom::current),
                                System::nanoTime,
                                door::enter)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .port();
    }

    private void serve(HttpServerRequest request) {
        inside.add(request.path());
        request.response().end();
    }

    @AfterEach
    void close() throws Exception {
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Identity node(RegionId region, String name) {
        return new Identity.RegionNode("net", region, new NodeName(name));
    }

    private PeerTransport transport(Identity who, RegionId by) {
        return transport(identity(who, by));
    }

    private NodeIdentity identity(Identity who, RegionId by) {
        NodeIdentity identity = new NodeIdentity(random);
        CertifiedKey authority =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority("net", by),
                                clock.instant(),
                                CertificateAuthority.AUTHORITY_LIFE);
        identity.become(
                new CertificateAuthority(authority, random)
                        .create(who, clock.instant(), CertificateAuthority.NODE_LIFE));
        return identity;
    }

    private PeerTransport transport(NodeIdentity identity) {
        Optional<ChainVerifier> chains = Optional.of(new ChainVerifier(root.certificate()));
        return new PeerTransport(
                vertx,
                identity,
                new NodeTrust(chains, new KnownRevocations(chains)),
                (host, at, who) -> true,
                random,
                clock);
    }

    private int ask(PeerTransport who, String path) throws Exception {
        return ask(who, path, Optional.empty());
    }

    private int ask(PeerTransport who, String path, Optional<String> document) throws Exception {
        HttpClient client = who.client(new HttpClientOptions(), new PoolOptions());
        Handler<Throwable> quiet = told -> {};
        return client.request(HttpMethod.GET, port, "127.0.0.1", path)
                .map(request -> request.exceptionHandler(quiet))
                .onSuccess(
                        request ->
                                document.ifPresent(
                                        own -> request.putHeader("Runnel-Document", own)))
                .compose(HttpClientRequest::send)
                .map(answer -> answer.statusCode())
                .eventually(client::close)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void eachGetsWhatIsForIt() throws Exception {
        PeerTransport pop = transport(new Identity.Pop("net", new PopId("ams")), EU);
        PeerTransport other = transport(node(US, "us-east-1"), US);
        for (String path : new String[] {"/v1/ping", "/fn/demo/hello"}) {
            assertEquals(200, ask(pop, path), path);
        }
        assertEquals(403, ask(pop, "/v1/feed?node=lhr"), "another one's feed");
        assertEquals(403, ask(pop, "/v1/accounts"), "what only regions relay");
        assertEquals(403, ask(pop, RollCall.PATH + "us-east-1"));
        assertEquals(200, ask(other, "/v1/accounts"));
        assertEquals(403, ask(other, RollCall.PATH + "us-east-1"), "it is no mate");
        assertEquals(3, inside.stream().filter("admitted"::equals).count(), inside::toString);
    }

    private static Optional<String> document(NodeIdentity node, Identity who, String zone) {
        OwnDocument own =
                new OwnDocument(
                        node,
                        who,
                        () -> JsonNodeFactory.instance.objectNode().put("zone", zone),
                        InstantSource.system());
        own.look();
        return own.jwt();
    }

    @Test
    void whoHasNotShownWhatIsAskedForGetsNoRecords() throws Exception {
        Identity who = new Identity.Pop("net", new PopId("ams"));
        NodeIdentity node = identity(who, EU);
        PeerTransport pop = transport(node);
        String feed = "/v1/feed?node=ams";
        assertEquals(403, ask(pop, feed));
        assertEquals(403, ask(pop, feed, document(node, who, "b")));
        assertEquals(403, ask(pop, feed, Optional.of("x".repeat(20_000))));
        assertEquals(List.of(), List.copyOf(inside));
        Identity lhr = new Identity.Pop("net", new PopId("lhr"));
        assertEquals(403, ask(pop, feed, document(identity(lhr, EU), lhr, "a")), "another's");
        assertEquals(200, ask(pop, feed, document(node, who, "a")));
        assertEquals(List.of("admitted", "/v1/feed"), List.copyOf(inside));
        PeerTransport mate = transport(node(EU, "eu-west-1"), EU);
        assertEquals(200, ask(mate, "/v1/feed?node=eu-west-1"), "it has all of it anyway");
        PeerTransport other = transport(node(US, "us-east-1"), US);
        assertEquals(403, ask(other, "/v1/feed?node=us-east-1"));
        workers.close();
        assertEquals(5, denied.size(), denied::toString);
        assertTrue(
                denied.contains(
                        "runnel://net/pop/ams the policy 'replicate': a fact is not as it must be:"
                                + " zone is b"),
                denied::toString);
    }

    @Test
    void nobodyGetsOnlyWhatIsOpen() throws Exception {
        PeerTransport nobody = transport(new NodeIdentity(random));
        assertEquals(200, ask(nobody, RevocationHandler.PATH));
        assertEquals(401, ask(nobody, "/v1/ping"));
        assertEquals(401, ask(nobody, "/fn/demo/hello"));
        assertEquals(1, inside.size(), inside::toString);
        PeerTransport stranger = transport(new Identity.Pop("net", new PopId("nowhere")), EU);
        assertEquals(401, ask(stranger, "/v1/ping"));
    }
}
