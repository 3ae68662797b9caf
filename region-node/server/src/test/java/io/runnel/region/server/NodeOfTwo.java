package io.runnel.region.server;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.gate.CallerDocuments;
import io.runnel.attestation.gate.CallerNonces;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.durable.FakeEventStore;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.TaskExchange;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.exec.wasm.WasmRuntime;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;
import io.runnel.routing.edge.ApiLibrary;
import io.runnel.routing.edge.CallerGate;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.edge.RunMeter;
import io.runnel.routing.edge.SignedCalls;
import io.runnel.routing.journal.CallJournal;
import io.runnel.routing.journal.CallLog;
import io.runnel.routing.journal.CallNote;
import io.runnel.routing.journal.NodeMeters;
import io.runnel.routing.placement.Access;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The edge of a region's node with one slot, and two places to wait for it; beside it a {@link
 * FakeSibling} with two slots. It serves one public task, which echoes.
 */
final class NodeOfTwo implements AutoCloseable {
    static final TaskRef ECHO = TaskRef.of("demo", "echo");

    /** The same, bound to another region. */
    static final TaskRef BOUND = TaskRef.of("demo", "bound");

    /** The same, with a device that the region has. */
    static final TaskRef SENSING = TaskRef.of("demo", "sensing");

    /** The same, with that and another one. */
    static final TaskRef SEEING = TaskRef.of("demo", "seeing");

    /** The same, for nodes such as this is not. */
    static final TaskRef KEPT = TaskRef.of("demo", "kept");

    /** The first, by a name that sets what is secret, and is not here. */
    static final TaskRef SECRETIVE = TaskRef.of("demo", "secretive");

    private static final String TOPOLOGY =
            """
            network: test
            regions:
              - name: west
                registry: true
                location: {lat: 1, lon: 1}
                store: postgresql://runnel@127.0.0.1:5/none
                devices: {sensor: /dev/zero}
                nodes:
                  - {name: west-a, zone: a, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 1, memory: 64MiB}
                  - {name: west-b, zone: b, listen: 127.0.0.1:6, internal: 127.0.0.1:%d, cluster: 127.0.0.1:7, admin: 127.0.0.1:8, slots: 2, memory: 64MiB}
            """;

    /** A task that takes events. */
    static final TaskRef SUM = TaskRef.of("demo", "sum");

    final FakeEventStore events = new FakeEventStore();
    final AtomicInteger woken = new AtomicInteger();
    final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    final FakeSibling sibling = new FakeSibling(vertx, "west-b");
    final TaskRunner runner;
    final Siblings siblings;
    final BearerToken key = BearerToken.generate(new SecureRandom());
    private final CallJournal journal = new CallJournal();
    private final NodeMeters meters = new NodeMeters();
    private final Task task;
    private final EdgeFront front;
    private final NodeListener listen;
    private final NodeListener internal;

    NodeOfTwo(Path data) throws Exception {
        RegionFacts facts = facts(data);
        CodeStore codes = new CodeStore(data.resolve("code"));
        runner =
                new TaskRunner(
                        new RunnerSettings(1, ByteSize.ofMiB(64), 2, Duration.ofSeconds(20)),
                        List.of(
                                new WasmRuntime(
                                        InstantSource.system(),
                                        System::nanoTime,
                                        new SecureRandom())),
                        codes,
                        System::nanoTime);
        task = echo(codes);
        runner.prepare(task).get(20, TimeUnit.SECONDS);
        siblings =
                Siblings.of(
                                vertx,
                                facts,
                                runner,
                                vertx::createHttpClient,
                                new SecureRandom(),
                                System::nanoTime)
                        .orElseThrow();
        RegionEdge edge =
                new RegionEdge(
                        new RegionFit(
                                facts.region(), version -> !version.task().ref().equals(KEPT)),
                        runner,
                        new LocalCalls(
                                new TaskExchange(runner, InstantSource.system()),
                                facts.place(),
                                task -> Map.of(),
                                (ref, request, text) -> {},
                                RunMeter.ofNothing(),
                                InstantSource.system()),
                        Optional.of(siblings),
                        move -> Optional.empty(),
                        call -> CompletableFuture.completedFuture(true),
                        new EventIntake(events, InstantSource.system(), woken::incrementAndGet),
                        new CallLog(
                                journal, meters.calls(), InstantSource.system(), System::nanoTime));
        front =
                new EdgeFront(
                        catalog(facts),
                        new Access(System.nanoTime()),
                        new ApiLibrary(Runnable::run),
                        host -> Optional.empty(),
                        note -> {},
                        new SignedCalls(
                                (key, scope) -> new CompletableFuture<>(),
                                Runnable::run,
                                InstantSource.system()),
                        new CallerGate(
                                task -> Requirements.NONE,
                                new CallerDocuments(
                                        new DocumentVerifier(NodeOfTwo::nobody),
                                        "net",
                                        new CallerNonces(new SecureRandom())),
                                Runnable::run,
                                InstantSource.system()),
                        InstantSource.system(),
                        System::nanoTime,
                        () -> EdgeFront.Ready.YES,
                        () -> "{\"keys\":[]}",
                        edge::handle);
        listen = open(front::handle);
        internal = open(front::handleForwarded);
        siblings.start(listen);
    }

    private static Verdict<Identity> nobody(List<X509Certificate> chain, Instant at) {
        return Verdict.rejected(Reason.ISSUER_UNKNOWN, "at " + at);
    }

    private RegionFacts facts(Path data) throws IOException {
        Files.writeString(data.resolve("topology.yaml"), TOPOLOGY.formatted(sibling.port()));
        NetworkToken.readOrCreate(data.resolve("network.token"), new SecureRandom());
        return RegionFacts.read(
                NodeArguments.parse(List.of("--data", data.toString(), "--node", "west-a")));
    }

    private static Task as(TaskRef other, Task task, String... devices) {
        return new Task(
                other,
                task.version(),
                task.runtime(),
                task.handler(),
                task.code(),
                task.limits(),
                task.environment(),
                task.options().withDevices(Stream.of(devices).map(DeviceName::new).toList()));
    }

    private static Task taking(HandlerKind handler, Task task) {
        return new Task(
                task.ref(),
                task.version(),
                task.runtime(),
                handler,
                task.code(),
                task.limits(),
                task.environment(),
                task.options());
    }

    private static Task echo(CodeStore codes) throws IOException {
        byte[] code =
                Files.readAllBytes(
                        Path.of("..", "..", "exec-runtime", "samples", "echo", "echo.wasm"));
        codes.put(code);
        return new Task(
                ECHO,
                1,
                RuntimeKind.WASM,
                HandlerKind.HTTP,
                CodeDigest.of(code),
                Limits.DEFAULT.withMemory(ByteSize.ofMiB(16)),
                Map.of());
    }

    private CatalogHolder catalog(RegionFacts facts) {
        WrittenLog log = new WrittenLog(facts.region().name(), "LOG", Instant.EPOCH);
        log.write(new AccountRecord(new AccountId("demo"), facts.region().name(), false));
        publish(log, task, List.of());
        publish(log, as(BOUND, task), List.of(new RegionId("east")));
        publish(log, as(KEPT, task), List.of());
        publish(log, as(SENSING, task, "sensor"), List.of());
        publish(log, taking(HandlerKind.EVENT, as(SUM, task)), List.of());
        publish(log, as(SEEING, task, "sensor", "camera"), List.of());
        log.write(new KeyRecord(key.id().value(), new AccountId("demo"), key.secretSha256()));
        SecretBundle bundle = new SecretBundle("0".repeat(32), Set.of("key"));
        log.write(
                new CallerAliasRecord(
                        SECRETIVE, ECHO, Qualifier.NONE, Map.of(), Optional.of(bundle)));
        CatalogHolder catalog = new CatalogHolder(System::nanoTime);
        catalog.apply(log.records());
        catalog.confirmed(facts.region().name(), Duration.ZERO);
        return catalog;
    }

    private static void publish(WrittenLog log, Task version, List<RegionId> regions) {
        log.write(new VersionRecord(version, ByteSize.ofKiB(1), regions, Instant.EPOCH));
        log.write(new TaskRecord(version.ref(), 1, 1, true, Optional.empty()));
    }

    private NodeListener open(Consumer<Exchange> handler) {
        return NodeListener.start(
                        vertx,
                        ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                        new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                        System::nanoTime,
                        handler)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Where users come in. */
    int listen() {
        return listen.port();
    }

    /** Where nodes come in. */
    int internal() {
        return internal.port();
    }

    /** Takes its slot. */
    Reservation fill() {
        return runner.tryReserve(task).orElseThrow();
    }

    /** What was noted of a call. */
    Optional<CallNote> note(RequestId id) {
        return journal.find(id);
    }

    @Override
    public void close() {
        siblings.close();
        runner.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        meters.close();
    }
}
