package io.runnel.pop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.gate.CallerDocuments;
import io.runnel.attestation.gate.CallerNonces;
import io.runnel.attestation.gate.OwnDocument;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.record.RecordSigner;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.CertificateHandler;
import io.runnel.cluster.replication.CodeHandler;
import io.runnel.cluster.replication.DocumentHandler;
import io.runnel.cluster.replication.FeedHandler;
import io.runnel.cluster.replication.FeedLog;
import io.runnel.cluster.replication.FeedSnapshot;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.cluster.replication.SealCheck;
import io.runnel.cluster.replication.SecretHandler;
import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.LambdaControl;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.TaskExchange;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.exec.wasm.WasmRuntime;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.RecordSeal;
import io.runnel.routing.catalog.SealedLog;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.ApiLibrary;
import io.runnel.routing.edge.CallerGate;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.edge.RunMeter;
import io.runnel.routing.edge.SignedCalls;
import io.runnel.routing.placement.Access;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A region as a POP meets it on {@code internal}: its feed, its code, its edge for the calls that
 * are forwarded. It has one account, with samples as public tasks.
 */
final class TestRegion implements AutoCloseable {
    static final RegionId NAME = new RegionId("north");

    /** A sample that answers the same to everybody. */
    static final TaskRef HELLO = TaskRef.of("demo", "hello");

    /** A sample that reads all of its body. */
    static final TaskRef ECHO = TaskRef.of("demo", "echo");

    /** A sample that takes events, for an owner who is in a hurry. */
    static final TaskRef SUM = TaskRef.of("demo", "checksum");

    /** The first sample again, for an owner who is in a hurry. */
    static final TaskRef URGENT = TaskRef.of("demo", "urgent");

    /** The first sample again, of an owner who wants it run by regions. */
    static final TaskRef IN_REGIONS = TaskRef.of("regions", "hello");

    /** The first sample again, of an owner who wants it run by nodes such as there are none. */
    static final TaskRef NOWHERE = TaskRef.of("nowhere", "hello");

    /** The first sample again, of an owner who wants it run by nodes such as all are. */
    static final TaskRef ANYWHERE = TaskRef.of("anywhere", "hello");

    /** The first sample again, as one that uses a device. */
    static final TaskRef SENSING = TaskRef.of("demo", "sensing");

    /** The first sample again, as one that takes events: what it writes is the answer. */
    static final TaskRef TELLING = TaskRef.of("demo", "telling");

    /** The second sample again, with a secret that it shows as a header. */
    static final TaskRef SECRETIVE = TaskRef.of("demo", "secretive");

    /** The same, of an owner who wants it run by regions. */
    static final TaskRef SECRETIVE_IN_REGIONS = TaskRef.of("regions", "secretive");

    /** A key of the account. */
    static final BearerToken KEY = BearerToken.generate(new SecureRandom());

    /** The secret. */
    static final String SECRET = "open sesame";

    private static final String BUNDLE = "0123456789abcdef0123456789abcdef";
    private static final Path SAMPLES = Path.of("..", "exec-runtime", "samples");

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    private final RecordSigner signer;
    private final SealCheck check;
    private final SealedLog log;
    private final CatalogHolder catalog = new CatalogHolder(System::nanoTime);
    private final CodeStore codes;
    private final TaskRunner runner;
    private final LocalCalls local;
    private final FeedHandler feed;
    private final NodeListener internal;
    private final AtomicInteger secretsAsked = new AtomicInteger();

    /** How many requests of AWS Lambda's control API came. */
    final AtomicInteger functionsAsked = new AtomicInteger();

    /** The events that came. */
    final BlockingQueue<RequestId> kept = new LinkedBlockingQueue<>();

    /** Whether it tells the secret. */
    volatile boolean tells = true;

    /** One of the network whose authorities and token are in this folder. */
    TestRegion(Path data) throws Exception {
        this(data, 0);
    }

    /** One that comes back where another one was. */
    TestRegion(Path data, int port) throws Exception {
        CertificateAuthority authority =
                new AuthorityFolder(data).authority(NAME, new SecureRandom()).orElseThrow();
        signer = new RecordSigner(authority.key(), NAME, new SecureRandom());
        check = new SealCheck(NodeTrust.of(new AuthorityFolder(data)));
        List<String> unused = check.authorities().learn(List.of(signer.certificate()));
        log = new SealedLog(NAME, "LOG", this::seal);
        Path folder = data.resolve("north");
        codes = new CodeStore(folder.resolve("code"));
        runner =
                new TaskRunner(
                        new RunnerSettings(16, ByteSize.ofMiB(1024), 64, Duration.ofSeconds(20)),
                        List.of(
                                new WasmRuntime(
                                        InstantSource.system(),
                                        System::nanoTime,
                                        new SecureRandom())),
                        codes,
                        System::nanoTime);
        write(new AccountRecord(new AccountId("demo"), NAME, false));
        write(new KeyRecord(KEY.id().value(), new AccountId("demo"), KEY.secretSha256()));
        publish(HELLO, HELLO, TaskOptions.DEFAULT);
        publish(ECHO, ECHO, TaskOptions.DEFAULT);
        publish(TELLING, HELLO, TaskOptions.DEFAULT, HandlerKind.EVENT);
        publish(URGENT, HELLO, TaskOptions.DEFAULT.withLatency(LatencyNeed.URGENT));
        publish(SUM, SUM, TaskOptions.DEFAULT.withLatency(LatencyNeed.URGENT), HandlerKind.EVENT);
        publish(SENSING, HELLO, TaskOptions.DEFAULT.withDevices(List.of(new DeviceName("sensor"))));
        TaskOptions secretive =
                TaskOptions.DEFAULT.withSecrets(
                        Optional.of(new SecretBundle(BUNDLE, Set.of("HTTP_TOKEN"))));
        publish(SECRETIVE, ECHO, secretive);
        publishFor(IN_REGIONS, "region");
        publish(SECRETIVE_IN_REGIONS, ECHO, secretive);
        publishFor(NOWHERE, "moon");
        publishFor(ANYWHERE, "region", "pop");
        alias("greet", HELLO, Qualifier.of(1));
        alias("welcome", TaskRef.of("demo", "greet"), Qualifier.NONE);
        alias("far", IN_REGIONS, Qualifier.of("live"));
        alias("astray", HELLO, Qualifier.of(9));
        alias("unnamed", HELLO, Qualifier.of("stable"));
        alias("round", TaskRef.of("demo", "about"), Qualifier.NONE);
        alias("about", TaskRef.of("demo", "round"), Qualifier.NONE);
        catalog.apply(log.records());
        catalog.confirmed(NAME, Duration.ZERO);
        local =
                new LocalCalls(
                        new TaskExchange(runner, InstantSource.system()),
                        "region/north/north-1",
                        task ->
                                task.options().secrets().isPresent()
                                        ? Map.of("HTTP_TOKEN", SECRET)
                                        : Map.of(),
                        (task, request, text) -> {},
                        RunMeter.ofNothing(),
                        InstantSource.system());
        feed =
                new FeedHandler(
                        vertx,
                        NAME,
                        new FixedFeed(log),
                        origin -> Optional.of(Duration.ZERO),
                        check.authorities(),
                        FeedHandler.Settings.DEFAULT,
                        System::nanoTime);
        internal = listen(data, port);
    }

    /** By which {@code demo} calls it. */
    private void alias(String name, TaskRef of, Qualifier version) {
        write(
                new CallerAliasRecord(
                        TaskRef.of("demo", name), of, version, Map.of(), Optional.empty()));
    }

    /** For nodes of these roles. */
    private void publishFor(TaskRef task, String... roles) throws Exception {
        write(
                new AccountRecord(task.account(), NAME, false)
                        .requiring(new Requirements(Map.of("role", List.of(roles)))));
        publish(task, HELLO, TaskOptions.DEFAULT);
    }

    private void publish(TaskRef task, TaskRef sample, TaskOptions options) throws Exception {
        publish(task, sample, options, HandlerKind.HTTP);
    }

    private void publish(TaskRef task, TaskRef sample, TaskOptions options, HandlerKind handler)
            throws Exception {
        byte[] code = Files.readAllBytes(sample(sample));
        codes.put(code);
        Task version =
                new Task(
                        task,
                        1,
                        RuntimeKind.WASM,
                        handler,
                        CodeDigest.of(code),
                        Limits.DEFAULT.withMemory(ByteSize.ofMiB(16)),
                        Map.of(),
                        options);
        write(new VersionRecord(version, new ByteSize(code.length), List.of(), Instant.EPOCH));
        write(new TaskRecord(task, 1, 1, true, Optional.empty()));
        runner.prepare(version).get(20, TimeUnit.SECONDS);
    }

    private void write(CatalogRecord said) {
        FeedRecord unused = log.write(said, Instant.EPOCH);
    }

    private RecordSeal seal(FeedRecord record, String live, Instant at) {
        return check.seal(signer, record, live, Instant.now());
    }

    /** Where a sample's module lies. */
    static Path sample(TaskRef task) {
        String name = task.name().value();
        return SAMPLES.resolve(name).resolve(name + ".wasm");
    }

    /** What came of a request of AWS Lambda's control API, and from where. */
    private void tellOfFunction(Exchange exchange) {
        functionsAsked.incrementAndGet();
        exchange.gather(
                BodyLimits.whole(ByteSize.ofMiB(48)),
                body ->
                        exchange.response()
                                .setStatusCode(201)
                                .end(
                                        "%s %s %d %s"
                                                .formatted(
                                                        exchange.request().method(),
                                                        exchange.request().uri(),
                                                        body.head().length(),
                                                        exchange.request()
                                                                .getHeader("Forwarded"))));
    }

    private NodeListener listen(Path data, int port) {
        AuthorityFolder folder = new AuthorityFolder(data);
        SecureRandom random = new SecureRandom();
        CertificateAuthority authority = folder.authority(NAME, random).orElseThrow();
        InstantSource clock = InstantSource.system();
        NodeIdentity identity = new NodeIdentity(random);
        identity.become(
                authority.create(
                        new Identity.RegionNode("test", NAME, new NodeName("north-1")),
                        clock.instant(),
                        CertificateAuthority.NODE_LIFE));
        OwnDocument document =
                new OwnDocument(
                        identity,
                        new Identity.RegionNode("test", NAME, new NodeName("north-1")),
                        () -> JsonNodeFactory.instance.objectNode().put("role", "region"),
                        clock);
        document.look();
        PeerTransport transport =
                new PeerTransport(
                        vertx,
                        identity,
                        NodeTrust.of(folder),
                        (host, at, who) -> false,
                        random,
                        clock);
        CertificateHandler certificates =
                new CertificateHandler(vertx, new TestCertifier(authority, clock), disk);
        CodeHandler code = new CodeHandler(vertx, codes, disk);
        InternalRoutes open =
                new InternalRoutes(request -> {})
                        .on(HttpMethod.GET, CertificateHandler.PATH, certificates)
                        .on(HttpMethod.POST, CertificateHandler.PATH, certificates);
        InternalRoutes routes =
                new InternalRoutes(request -> {})
                        .on(
                                HttpMethod.GET,
                                InternalRoutes.PING,
                                request -> request.response().setStatusCode(204).end())
                        .on(HttpMethod.GET, CodeHandler.PATH, code)
                        .on(HttpMethod.HEAD, CodeHandler.PATH, code)
                        .on(
                                HttpMethod.GET,
                                SecretHandler.PATH,
                                new SecretHandler(vertx, this::secret, disk))
                        .on(HttpMethod.GET, DocumentHandler.PATH, new DocumentHandler(document))
                        .on(HttpMethod.GET, FeedHandler.PATH, feed);
        EdgeFront front =
                new EdgeFront(
                        catalog,
                        new Access(System.nanoTime()),
                        new ApiLibrary(disk),
                        host -> Optional.empty(),
                        note -> {},
                        new SignedCalls((key, scope) -> new CompletableFuture<>(), disk, clock),
                        new CallerGate(
                                task -> Requirements.NONE,
                                new CallerDocuments(
                                        new DocumentVerifier(NodeTrust.of(folder)),
                                        "test",
                                        new CallerNonces(random)),
                                disk,
                                clock),
                        clock,
                        System::nanoTime,
                        () -> EdgeFront.Ready.YES,
                        () -> "{\"keys\":[]}",
                        this::run);
        return NodeListener.start(
                        vertx,
                        ListenerSettings.at("127.0.0.1", port)
                                .withLoops(1)
                                .withSecurity(transport::secure),
                        new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                        System::nanoTime,
                        exchange -> {
                            if (transport.caller(exchange.request()).isEmpty()) {
                                fromNobody(exchange, open);
                            } else if (LambdaControl.handles(exchange.request().path())) {
                                tellOfFunction(exchange);
                            } else if (!routes.serves(exchange.request())) {
                                front.handleForwarded(exchange);
                            }
                        })
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Whose next connection may have something to show. */
    private static void fromNobody(Exchange exchange, InternalRoutes open) {
        exchange.response().putHeader("Connection", "close");
        if (!open.serves(exchange.request())) {
            exchange.refuse(ErrorCode.UNAUTHENTICATED);
        }
    }

    private void run(EdgeCall call) {
        call.exchange()
                .gather(
                        BodyLimits.of(call.version().task()),
                        body -> {
                            if (call.form() == EdgeCall.Form.EVENT) {
                                kept.add(call.exchange().id());
                                call.exchange().response().setStatusCode(202).end();
                            } else {
                                local.enqueue(call, body, (headers, outcome) -> {});
                            }
                        });
    }

    private CompletionStage<Optional<Map<String, String>>> secret(SecretBundle.Key key) {
        secretsAsked.incrementAndGet();
        return CompletableFuture.completedFuture(
                tells && key.id().equals(BUNDLE)
                        ? Optional.of(Map.of("HTTP_TOKEN", SECRET))
                        : Optional.empty());
    }

    /** How often it was asked for secrets. */
    int secretsAsked() {
        return secretsAsked.get();
    }

    int port() {
        return internal.port();
    }

    /** A log to which nothing is added. */
    private record FixedFeed(SealedLog log) implements FeedLog {
        @Override
        public FeedPositions heads() {
            return new FeedPositions(Map.of(NAME, log.head()));
        }

        @Override
        public CompletionStage<List<FeedRecord>> read(
                RegionId origin, String name, long after, int limit) {
            List<FeedRecord> rest = log.records().stream().skip(after).limit(limit).toList();
            return CompletableFuture.completedFuture(rest);
        }

        @Override
        public CompletionStage<FeedSnapshot> snapshot(RegionId origin) {
            return CompletableFuture.completedFuture(
                    new FeedSnapshot(origin, log.head().log(), log.records()));
        }

        @Override
        public void onAppend(Listener listener) {}
    }

    @Override
    public void close() {
        feed.close();
        runner.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        disk.close();
    }
}
