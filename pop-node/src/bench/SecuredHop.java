import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.ForwardCall;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.ForwardSettings;
import io.runnel.routing.forward.HealthSettings;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionForwarder;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionLink;
import io.runnel.topology.Address;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Two POPs, each with its region, in one process: one hop in clear text, the other as nodes do it,
 * by TLS with both sides' certificates. Listeners, forwarding and transport are Runnel's own; the
 * answer is 1 KiB that is there already. Prints the ports of the POPs, clear text first.
 */
public final class SecuredHop {
    private static final String HOST = "127.0.0.1";
    private static final RegionId REGION = new RegionId("west");
    private static final BodyLimits BODIES = new BodyLimits(ByteSize.ofMiB(1), ByteSize.ofMiB(1));
    private static final byte[] ANSWER = new byte[1024];

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root = CertificateAuthority.root("net", Instant.now(), random);
    private final CertificateAuthority authority =
            new CertificateAuthority(
                    new CertificateAuthority(root, random)
                            .create(
                                    new Identity.Authority("net", REGION),
                                    Instant.now(),
                                    Duration.ofDays(1)),
                    random);

    public static void main(String[] args) {
        SecuredHop hop = new SecuredHop();
        PeerTransport region =
                hop.transport(new Identity.RegionNode("net", REGION, new NodeName("west-1")));
        PeerTransport pop = hop.transport(new Identity.Pop("net", new PopId("ams")));
        int clear = hop.pop(hop.region(options -> {}), hop.vertx::createHttpClient);
        int secured = hop.pop(hop.region(region::secure), pop::client);
        System.out.println(clear + " " + secured);
    }

    private PeerTransport transport(Identity who) {
        NodeIdentity identity = new NodeIdentity(random);
        identity.become(authority.create(who, Instant.now(), Duration.ofHours(12)));
        Optional<ChainVerifier> chains = Optional.of(new ChainVerifier(root.certificate()));
        NodeTrust trust = new NodeTrust(chains, new KnownRevocations(chains));
        PeerTransport transport =
                new PeerTransport(
                        vertx,
                        identity,
                        trust,
                        (host, port, listener) -> listener instanceof Identity.RegionNode,
                        random,
                        InstantSource.system());
        transport.start();
        return transport;
    }

    private NodeListener listen(Consumer<HttpServerOptions> security, Consumer<Exchange> handler) {
        return NodeListener.start(
                        vertx,
                        ListenerSettings.at(HOST, 0)
                                .withWindow(ByteSize.ofMiB(16))
                                .withSecurity(security),
                        new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                        System::nanoTime,
                        handler)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private int region(Consumer<HttpServerOptions> security) {
        return listen(
                        security,
                        exchange ->
                                exchange.response().end(io.vertx.core.buffer.Buffer.buffer(ANSWER)))
                .port();
    }

    private int pop(
            int region, BiFunction<HttpClientOptions, PoolOptions, HttpClientAgent> clients) {
        RegionLink link = new RegionLink(REGION, new Address(HOST, region), Duration.ofMillis(1));
        RegionHealth health =
                new RegionHealth(
                        vertx, HealthSettings.DEFAULT, List.of(link), clients, System::nanoTime);
        RegionForwarder forwarder =
                new RegionForwarder(
                        vertx,
                        ForwardSettings.of(new NodeName("ams")),
                        List.of(link),
                        health,
                        clients,
                        random,
                        System::nanoTime);
        health.start();
        NodeListener listener =
                listen(
                        options -> {},
                        exchange ->
                                exchange.gather(
                                        BODIES, body -> forward(forwarder, exchange, body)));
        listener.onEachLoop(forwarder::prepare);
        return listener.port();
    }

    private static void forward(RegionForwarder forwarder, Exchange exchange, GatheredBody body) {
        ForwardCall call =
                new ForwardCall(
                        new AccountId("demo"),
                        System.nanoTime() + TimeUnit.SECONDS.toNanos(10),
                        List.of(REGION),
                        NodeStart.Of.UNKNOWN,
                        () -> false,
                        false,
                        headers -> {});
        forwarder
                .forward(exchange, body, call)
                .onSuccess(
                        result -> {
                            if (result instanceof ForwardResult.Unreached unreached) {
                                forwarder.refuse(exchange, call, unreached);
                            }
                        });
    }
}
