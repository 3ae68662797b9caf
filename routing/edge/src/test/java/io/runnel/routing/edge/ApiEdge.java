package io.runnel.routing.edge;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.ApiStage;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.PackedText;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A way in with one API, {@code demo/shop}, whose routes call {@code demo/hello}; what passes is
 * answered by the test.
 */
final class ApiEdge {
    static final TaskRef HELLO = TaskRef.of("demo", "hello");
    static final TaskRef SHOP = TaskRef.of("demo", "shop");

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final TestCatalog catalog = new TestCatalog();
    private final Map<String, String> tokens;
    private final URI users;
    private final URI nodes;
    final HttpCache cache = CallGates.cache(64L << 20);

    /**
     * Listens.
     *
     * @param document of the API
     * @param next answers calls that pass
     */
    ApiEdge(String document, Consumer<EdgeCall> next) throws Exception {
        InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
        ApiGate gate = new ApiGate(System::nanoTime, workers, new ApiCache(cache, clock), next);
        EdgeFront front =
                new EdgeFront(
                        catalog.holder(),
                        new Access(System.nanoTime()),
                        new ApiLibrary(workers),
                        host ->
                                Optional.of(SHOP)
                                        .filter(api -> host.equalsIgnoreCase("shop.example.com")),
                        note -> {},
                        new SignedCalls(
                                (key, scope) -> new CompletableFuture<>(),
                                Runnable::run,
                                InstantSource.system()),
                        new TestCallers().gate(Runnable::run),
                        clock,
                        System::nanoTime,
                        () -> EdgeFront.Ready.YES,
                        () -> "{}",
                        gate);
        tokens = Map.of("demo", key("demo"), "beta", key("beta"));
        Task task =
                new Task(
                        HELLO,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[0]),
                        Limits.DEFAULT,
                        Map.of());
        catalog.say(
                new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH),
                new TaskRecord(HELLO, 1, 1, false, Optional.empty()));
        publish(1, document);
        catalog.holder().confirmed(TestCatalog.HOME, Duration.ZERO);
        users = listen(front::handle);
        nodes = listen(front::handleForwarded);
    }

    private String key(String account) {
        AccountId id = new AccountId(account);
        BearerToken token = BearerToken.generate(new SecureRandom());
        catalog.say(
                new AccountRecord(id, TestCatalog.HOME, false),
                new KeyRecord(
                        token.id().value(),
                        id,
                        token.secretSha256(),
                        KeyRights.ALL,
                        Optional.empty()));
        return token.text();
    }

    /** Says what the API is from now on. */
    void publish(int revision, String document) {
        catalog.say(
                new ApiRevisionRecord(SHOP, revision, Instant.EPOCH, PackedText.of(document)),
                new ApiRecord(SHOP, revision, Map.of("live", ApiStage.of(revision))));
    }

    void grant(GrantRecord grant) {
        catalog.say(grant);
    }

    void sleep(Duration time) {
        millis.addAndGet(time.toMillis());
    }

    /** A request of a user for a path of the API. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(users.resolve("/api/demo/shop" + path));
    }

    /** A call that another node of ours sends on. */
    HttpRequest.Builder forwarded(String path) {
        return HttpRequest.newBuilder(nodes.resolve("/api/demo/shop" + path));
    }

    /** With the account's key. */
    HttpRequest.Builder as(String account, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + tokens.get(account));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send(request(path).method(method, BodyPublishers.ofString(body)));
    }

    /** What a request for a path of this host is answered, whole. */
    String ofHost(String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), users.getPort())) {
            String request =
                    "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private URI listen(Consumer<Exchange> handler) throws Exception {
        NodeListener listener =
                await(
                        NodeListener.start(
                                vertx,
                                ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                                new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                                System::nanoTime,
                                handler));
        return URI.create("http://127.0.0.1:%d/".formatted(listener.port()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    void close() throws Exception {
        client.shutdownNow();
        workers.shutdownNow();
        await(vertx.close());
    }
}
