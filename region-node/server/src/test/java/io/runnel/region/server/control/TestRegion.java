package io.runnel.region.server.control;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.KeyId;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreListener;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.authority.RegionAuthority;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.routing.edge.SignedCalls;
import io.runnel.topology.Address;
import io.runnel.topology.NetworkView;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One region's control API on real ports, with a real store; several make a network. */
final class TestRegion implements AutoCloseable {
    static final RegionId WEST = new RegionId("eu-west");
    static final RegionId EAST = new RegionId("us-east");
    static final AccountId ADMIN = new AccountId("admin");
    static final AccountId DEMO = new AccountId("demo");

    static final Topology TOPOLOGY =
            TopologyReader.parse(
                    """
                    network: test
                    regions:
                      - name: eu-west
                        registry: true
                        location: {lat: 53.35, lon: -6.26}
                        store: sqlite
                        nodes:
                          - {name: eu-west-1, zone: a, listen: 127.0.0.1:9081, internal: 127.0.0.1:9181, cluster: 127.0.0.1:9281, admin: 127.0.0.1:9381, slots: 8, memory: 1GiB}
                      - name: us-east
                        location: {lat: 38.9, lon: -77.4}
                        store: sqlite
                        devices: {sensor: /dev/ttyS0, camera: /dev/video0}
                        nodes:
                          - {name: us-east-1, zone: a, listen: 127.0.0.1:9082, internal: 127.0.0.1:9182, cluster: 127.0.0.1:9282, admin: 127.0.0.1:9382, slots: 8, memory: 1GiB}
                    pops:
                      - name: ams
                        location: {lat: 52.37, lon: 4.90}
                        listen: 127.0.0.1:8081
                        admin: 127.0.0.1:8181
                        region: eu-west
                        failover: [us-east]
                        slots: 4
                        memory: 1GiB
                        restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
                    links:
                      - {from: ams, to: eu-west, rtt: 12ms}
                    """);

    final FakeRuntime runtime = new FakeRuntime();
    volatile boolean mayWrite = true;
    volatile boolean isConfirmed = true;
    volatile NetworkView network = NetworkView.EMPTY;

    /** What is to be had of the web. */
    final TestWeb web = new TestWeb();

    private final Companions companions =
            new Companions() {
                @Override
                public boolean mayWrite() {
                    return mayWrite;
                }

                @Override
                public boolean isConfirmed() {
                    return isConfirmed;
                }

                @Override
                public CompletionStage<Void> keep(CodeDigest digest) {
                    return kept.get();
                }
            };
    volatile Supplier<CompletionStage<Void>> kept = () -> CompletableFuture.completedFuture(null);
    final FakeRollout rollout = new FakeRollout();
    final CatalogHolder catalog = new CatalogHolder(System::nanoTime);

    /** What a node of it was told: it may be the last to know. */
    volatile Supplier<Catalog> told = catalog::current;

    final Map<RegionId, Integer> internalPorts = new ConcurrentHashMap<>();
    final AtomicInteger relayed = new AtomicInteger();
    final CertifiedKey root;
    final CertifiedKey authorityKey;
    final KnownRevocations revocations;

    /** How far its clock is ahead. */
    volatile Duration ahead = Duration.ZERO;

    /** Where what blocks is done. */
    volatile Executor blocking = Runnable::run;

    private final Executor workers = work -> blocking.execute(work);
    private final ChainVerifier chains;
    private final SecretSeal seal;
    final RegionStore store;
    final TaskSecrets secrets;
    final CodeStore codes;
    final ControlApi api;
    final BearerToken admin;
    final BearerToken demo;
    final int port;
    private final Vertx vertx = Vertx.vertx();
    final HttpRelay relay;
    private volatile CompletableFuture<Void> copied = CompletableFuture.completedFuture(null);

    TestRegion(Path folder, RegionId region) throws IOException {
        SecureRandom random = new SecureRandom();
        root = CertificateAuthority.root("demo", Instant.now(), random);
        authorityKey =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority("demo", region),
                                Instant.now(),
                                CertificateAuthority.AUTHORITY_LIFE);
        chains = new ChainVerifier(root.certificate());
        revocations = new KnownRevocations(Optional.of(chains));
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), region),
                        TestSeals.ALL,
                        InstantSource.system(),
                        random);
        store.listen(intoCatalog()).join();
        codes = new CodeStore(folder.resolve("code"));
        relay =
                new HttpRelay(
                        new NodeName(region + "-1"),
                        vertx::createHttpClient,
                        to -> List.of(new Address("127.0.0.1", internalPorts.getOrDefault(to, 1))));
        seal = new SecretSeal(new byte[SecretSeal.KEY_BYTES], random);
        secrets = new TaskSecrets(store, seal);
        api = new ControlApi(settings(folder, region, seal, random));
        admin = BearerToken.generate(random);
        demo = BearerToken.generate(random);
        if (region.equals(WEST)) {
            ensure(new AccountRecord(ADMIN, WEST, true), admin, seal);
            ensure(new AccountRecord(DEMO, WEST, false), demo, seal);
        }
        port = listen(api::handle).port();
        internalPorts.put(region, listen(this::internal).port());
    }

    /** Of the keys that it made itself. */
    private CompletableFuture<SigningKey> signingKey(KeyId key, SigningScope scope) {
        String secret =
                Stream.of(admin, demo)
                        .filter(token -> token.id().equals(key))
                        .map(BearerToken::secret)
                        .findFirst()
                        .orElseThrow();
        return CompletableFuture.completedFuture(SigningKey.derive(secret, scope));
    }

    private ControlSettings settings(
            Path folder, RegionId region, SecretSeal seal, SecureRandom random) {
        return new ControlSettings(
                vertx,
                region,
                TOPOLOGY,
                () -> told.get(),
                store,
                codes,
                List.of(runtime),
                () -> network,
                catalog::sinceContact,
                companions,
                relay,
                rollout,
                seal,
                secrets,
                web,
                Optional.of(authority(region, random)),
                new DocumentVerifier(revocations.over(chains)),
                new SignedCalls(this::signingKey, workers, () -> Instant.now().plus(ahead)),
                workers,
                folder.resolve("uploads"),
                () -> Instant.now().plus(ahead),
                System::nanoTime,
                random);
    }

    /** What reads its secrets, and has read none yet. */
    TaskSecrets secrets() {
        return new TaskSecrets(store, seal);
    }

    private RegionAuthority authority(RegionId region, SecureRandom random) {
        return new RegionAuthority(
                new CertificateAuthority(authorityKey, random),
                region,
                TOPOLOGY,
                chains,
                store,
                random,
                InstantSource.system());
    }

    private StoreListener intoCatalog() {
        return new StoreListener() {
            @Override
            public void added(List<FeedRecord> records) {
                catalog.apply(records);
            }

            @Override
            public void replaced(RegionId origin, List<FeedRecord> snapshot) {
                catalog.replace(origin, snapshot);
            }
        };
    }

    private void ensure(AccountRecord account, BearerToken token, SecretSeal seal) {
        FirstAccounts.ensure(store, catalog.current(), account, token, seal)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private NodeListener listen(Consumer<Exchange> handler) {
        return NodeListener.start(
                        vertx,
                        ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                        new RequestIds(InstantSource.system(), RandomGenerator::getDefault),
                        System::nanoTime,
                        handler)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private void internal(Exchange exchange) {
        relayed.incrementAndGet();
        RequestIds.forwarded(exchange.request().headers()).ifPresent(exchange::adopt);
        api.handleRelayed(exchange);
    }

    /** From now on what either writes is copied to the other, as the feed would. */
    static void connect(TestRegion one, TestRegion other) {
        one.copyTo(other);
        other.copyTo(one);
        one.internalPorts.putAll(other.internalPorts);
        other.internalPorts.putAll(one.internalPorts);
    }

    private void copyTo(TestRegion other) {
        List<FeedRecord> before =
                store.read(store.origin(), store.log(), 0, 1000)
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join();
        other.store.copy(before).orTimeout(30, TimeUnit.SECONDS).join();
        var unused =
                store.listen(
                        new StoreListener() {
                            @Override
                            public void added(List<FeedRecord> records) {
                                if (records.stream()
                                        .anyMatch(r -> r.origin().equals(store.origin()))) {
                                    copied = other.store.copy(records);
                                }
                            }

                            @Override
                            public void replaced(RegionId origin, List<FeedRecord> snapshot) {}
                        });
    }

    /** Waits until the other has all that this one wrote. */
    void awaitCopied() {
        copied.orTimeout(30, TimeUnit.SECONDS).join();
    }

    TestClient client(BearerToken token) {
        return new TestClient(port, token.text());
    }

    /** A bare connection. */
    Socket socket() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    TestClient anonymous() {
        return new TestClient(port, "");
    }

    @Override
    public void close() {
        api.close();
        relay.close();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        store.close();
    }
}
