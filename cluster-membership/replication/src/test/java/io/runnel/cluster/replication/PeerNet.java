package io.runnel.cluster.replication;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;

/**
 * A region's node behind the gate, on a free port, and others that speak to it over TLS; by a clock
 * that the test moves.
 */
final class PeerNet implements AutoCloseable {
    static final Identity AMS = new Identity.Pop("net", new PopId("ams"));
    static final RegionId WEST = new RegionId("west");
    static final Identity WEST_1 = new Identity.RegionNode("net", WEST, new NodeName("west-1"));
    private static final Topology TOPOLOGY =
            TopologyReader.parse(
                    """
                    network: net
                    regions:
                      - name: west
                        registry: true
                        location: {lat: 1, lon: 1}
                        nodes:
                          - {name: west-1, listen: 127.0.0.1:1, internal: 127.0.0.1:6, cluster: 127.0.0.1:2, admin: 127.0.0.1:3, slots: 4, memory: 256MiB}
                    pops:
                      - {name: ams, location: {lat: 3, lon: 3}, listen: 127.0.0.1:4, admin: 127.0.0.1:5, region: west, slots: 4, memory: 256MiB}
                    """);

    final Vertx vertx = Vertx.vertx();
    final SecureRandom random = new SecureRandom();
    private final Instant begin = Instant.parse("2026-11-28T12:00:00Z");
    volatile Instant now = begin;
    final CertifiedKey root = CertificateAuthority.root("net", begin, random);
    final CertificateAuthority west = authority(root, WEST);
    final NodeIdentity server = new NodeIdentity(random);
    final NodeTrust trust = trust(root);
    final PeerTransport transport;
    volatile int port;

    /** By which requests came in. */
    final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

    /** By which somebody, or nobody, asked for what is open to everybody. */
    final Set<HttpConnection> byWhomever = ConcurrentHashMap.newKeySet();

    /** Requests that are not answered yet. */
    final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();

    PeerNet() {
        transport = transport(server, trust);
        PeerGate gate = new PeerGate(transport, new PeerDirectory(TOPOLOGY, "west"));
        server.become(certified(WEST_1));
        HttpServerOptions options = new HttpServerOptions();
        transport.secure(options);
        Handler<HttpServerRequest> open = gate.open(this::open);
        HttpServer opened =
                vertx.createHttpServer(options)
                        .requestHandler(
                                request -> {
                                    if (request.path().equals("/v1/open")) {
                                        open.handle(request);
                                    } else {
                                        gate.admits(request).ifPresent(w -> greet(request, w));
                                    }
                                });
        port = Await.get(opened.listen(0, "127.0.0.1").toCompletionStage()).actualPort();
    }

    private void open(HttpServerRequest request) {
        byWhomever.add(request.connection());
        request.response().end("open");
    }

    private void greet(HttpServerRequest request, Identity who) {
        connections.add(request.connection());
        if (request.path().equals("/v1/echo")) {
            request.response().setChunked(true);
            var unused = request.pipeTo(request.response());
        } else if (request.path().equals("/v1/held")) {
            held.add(request);
        } else {
            request.response().end(who.uri());
        }
    }

    private PeerTransport transport(NodeIdentity own, NodeTrust trust) {
        return new PeerTransport(
                vertx,
                own,
                trust,
                (host, at, who) -> host.equals("127.0.0.1") && at == port && who.equals(WEST_1),
                random,
                () -> now);
    }

    CertificateAuthority authority(CertifiedKey by, RegionId region) {
        return new CertificateAuthority(
                new CertificateAuthority(by, random)
                        .create(
                                new Identity.Authority("net", region),
                                begin,
                                CertificateAuthority.AUTHORITY_LIFE),
                random);
    }

    static NodeTrust trust(CertifiedKey root) {
        Optional<ChainVerifier> chains = Optional.of(new ChainVerifier(root.certificate()));
        return new NodeTrust(chains, new KnownRevocations(chains));
    }

    CertifiedKey certified(Identity who) {
        return west.create(who, now, CertificateAuthority.NODE_LIFE);
    }

    /** A list that says that these are revoked. */
    RevocationList revoked(X509Certificate... certificates) {
        Map<BigInteger, Instant> all = new HashMap<>();
        for (X509Certificate one : certificates) {
            all.put(one.getSerialNumber(), now);
        }
        return new RevocationList(
                west.certificate(),
                west.revocationList(all, BigInteger.valueOf(now.toEpochMilli()), now));
    }

    /** Somebody who speaks to the node, with this key or none, and believes this root. */
    final class Client implements AutoCloseable {
        final NodeIdentity identity = new NodeIdentity(random);
        final NodeTrust trust;
        final PeerTransport transport;
        private final HttpClient client;

        Client(HttpVersion version, CertifiedKey root, Optional<CertifiedKey> key) {
            key.ifPresent(identity::become);
            trust = trust(root);
            transport = transport(identity, trust);
            client =
                    transport.client(
                            new HttpClientOptions()
                                    .setProtocolVersion(version)
                                    .setHttp2ClearTextUpgrade(false),
                            new PoolOptions().setHttp1MaxSize(1).setHttp2MaxSize(1));
        }

        /** The status of an answer and what it says. */
        String ask() {
            return Await.get(begin("/v1/x"));
        }

        /** What an answer says of its connection. */
        String connectionHeader() {
            return Await.get(
                    answer(
                            HttpMethod.GET,
                            "/v1/x",
                            Buffer.buffer(),
                            (head, body) -> head.getHeader(HttpHeaders.CONNECTION)));
        }

        /** How much of a body comes back. */
        CompletionStage<Integer> echo(Buffer body) {
            return answer(HttpMethod.POST, "/v1/echo", body, (head, back) -> back.length());
        }

        CompletionStage<String> begin(String path) {
            return answer(
                    HttpMethod.GET,
                    path,
                    Buffer.buffer(),
                    (head, body) -> head.statusCode() + " " + body);
        }

        /** What is to be done with the answer is said on its own event loop, before it comes. */
        private <T> CompletionStage<T> answer(
                HttpMethod method,
                String path,
                Buffer body,
                BiFunction<HttpClientResponse, Buffer, T> then) {
            return client.request(method, port, "127.0.0.1", path)
                    .compose(
                            request ->
                                    request.send(body)
                                            .compose(
                                                    head ->
                                                            head.body()
                                                                    .map(b -> then.apply(head, b))))
                    .toCompletionStage();
        }

        @Override
        public void close() {
            Await.get(client.close().toCompletionStage());
        }
    }

    Client client(HttpVersion version, Identity who) {
        return new Client(version, root, Optional.of(certified(who)));
    }

    void passes(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void close() {
        Await.get(vertx.close().toCompletionStage());
    }
}
