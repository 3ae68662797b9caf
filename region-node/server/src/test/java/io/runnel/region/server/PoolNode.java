package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.admin.AdminListener;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.TaskExchange;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.CodeSupply;
import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.ScaledRunner;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.placement.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A region's node as far as calls and pools go: its edge, its listener for operators, its runner
 * with the pool, a catalog with one task. All that a test does or learns goes over HTTP; only the
 * time of the demand is the test's own.
 *
 * <p>The guest ends when all calls of its burst run: so that a burst of eight is eight at once, on
 * a machine that is busy too.
 */
final class PoolNode implements AutoCloseable {
    private static final RegionId HOME = new RegionId("eu-west");
    private static final TaskRef TASK = TaskRef.of("demo", "bursts");
    private static final byte[] CODE = FakeRuntime.code("together");
    private static final byte[] ANSWER =
            "Content-Type: text/plain\n\nok".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CatalogHolder catalog = new CatalogHolder(System::nanoTime);
    private final NetworkToken token;
    private final CodeStore codes;
    private final ScaledRunner scaled;
    private final NodeListener listen;
    private final NodeListener admin;
    private volatile CountDownLatch together = new CountDownLatch(0);

    PoolNode(Path folder) throws Exception {
        token = NetworkToken.readOrCreate(folder.resolve("token"), new SecureRandom());
        codes = new CodeStore(folder.resolve("code"));
        FakeRuntime runtime = new FakeRuntime(RuntimeKind.WASM);
        runtime.define("together", (call, in, out, log) -> meet(out));
        scaled =
                new ScaledRunner(
                        new RunnerSettings(16, ByteSize.ofMiB(256), 64, Duration.ofSeconds(20)),
                        List.of(runtime),
                        codes,
                        CodeSupply.of(this::live, CodeBringer.NONE));
        deploy();
        RequestIds ids = new RequestIds(InstantSource.system(), ThreadLocalRandom::current);
        listen =
                await(
                        NodeListener.start(
                                vertx,
                                ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                                ids,
                                System::nanoTime,
                                edge()::handle));
        admin =
                await(
                        AdminListener.start(
                                vertx,
                                "127.0.0.1",
                                0,
                                token,
                                scaled.runner(),
                                workers,
                                ids,
                                System::nanoTime));
    }

    private EdgeFront edge() {
        LocalCalls local =
                new LocalCalls(
                        new TaskExchange(scaled.runner(), InstantSource.system()),
                        "region/eu-west/eu-west-1",
                        (task, request, text) -> {});
        return new EdgeFront(
                catalog,
                new Access(System.nanoTime()),
                System::nanoTime,
                () -> true,
                new RegionEdge(HOME, local)::handle);
    }

    private int meet(OutputSink out) throws InterruptedException {
        together.countDown();
        together.await();
        out.write(ANSWER, 0, ANSWER.length);
        return 0;
    }

    private Optional<Task> live(Task called) {
        return catalog.current().live(called.ref()).map(VersionRecord::task);
    }

    private void deploy() throws Exception {
        codes.put(CODE);
        Task task =
                new Task(
                        TASK,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(CODE),
                        Limits.DEFAULT.withMemory(ByteSize.ofMiB(1)),
                        Map.of());
        catalog.apply(
                records(
                        new AccountRecord(new AccountId("demo"), HOME, false),
                        new VersionRecord(
                                task, new ByteSize(CODE.length), List.of(), Instant.EPOCH),
                        new TaskRecord(TASK, 1, 1, true, Optional.empty())));
        catalog.confirmed(HOME, Duration.ZERO);
    }

    private static List<FeedRecord> records(CatalogRecord... said) {
        List<FeedRecord> records = new ArrayList<>();
        Position head = Position.start("LOG");
        for (CatalogRecord one : said) {
            FeedRecord record =
                    HashChain.next(
                            HOME,
                            head,
                            Instant.EPOCH,
                            one.kind().label(),
                            one.key(),
                            RecordJson.write(one));
            records.add(record);
            head = Position.of(record);
        }
        return records;
    }

    /** So many calls at once; what each of them found: {@code warm} or {@code cold}. */
    List<String> burst(int calls) throws Exception {
        together = new CountDownLatch(calls);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(at(listen) + "/fn/" + TASK))
                        .timeout(Duration.ofSeconds(20))
                        .build();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            answers.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        List<String> starts = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> each : answers) {
            HttpResponse<String> answer = each.get(20, TimeUnit.SECONDS);
            assertEquals(200, answer.statusCode(), answer::body);
            starts.add(answer.headers().firstValue("Runnel-Start").orElseThrow());
        }
        scaled.settle();
        return starts;
    }

    /** Bursts of so many calls, the first of them now; ends a period after the last. */
    void bursts(int calls, int times, long periodMs) throws Exception {
        for (int i = 0; i < times; i++) {
            burst(calls);
            pass(periodMs);
        }
    }

    void pass(long ms) {
        scaled.pass(ms);
    }

    long nowMs() {
        return scaled.nowMs();
    }

    /** What operators are told of the pool. */
    JsonNode pool() throws Exception {
        return told("/v1/pool");
    }

    /** What operators are told of the task. */
    JsonNode task() throws Exception {
        return told("/v1/pool/tasks/" + TASK);
    }

    /** The period that is acted on, if there is one. */
    Optional<JsonNode> period() throws Exception {
        for (JsonNode period : task().path("periods")) {
            if (List.of("periodic", "suspect").contains(period.path("state").asText())) {
                return Optional.of(period);
            }
        }
        return Optional.empty();
    }

    int idle() throws Exception {
        return pool().path("idleIsolates").asInt();
    }

    long count(String what) throws Exception {
        return pool().path("counts").path(what).asLong();
    }

    static String digest() {
        return CodeDigest.of(CODE).value();
    }

    private JsonNode told(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(at(admin) + path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Bearer " + token.text())
                        .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertTrue(answer.statusCode() == 200, answer::body);
        return JSON.readTree(answer.body());
    }

    private static String at(NodeListener listener) {
        return "http://127.0.0.1:" + listener.port();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.shutdownNow();
        scaled.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        workers.close();
    }
}
