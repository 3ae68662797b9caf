package io.runnel.exec.admin;

import static io.vertx.core.http.HttpMethod.POST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.isolate.CallStreams;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.isolate.NodeLimit;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What operators are told of a node's pool, and who is told nothing. */
class AdminListenerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final NodeLimit LIMIT =
            new NodeLimit("slots", 8, "calls", "slots in the topology");

    /** Where there is nothing. */
    private static final class NoPage implements AdminPage {
        @Override
        public boolean serves(String path) {
            return path.startsWith("/v1/nothing/");
        }

        @Override
        public Optional<Document> document(String path) {
            return Optional.empty();
        }
    }

    @TempDir private Path folder;
    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private NetworkToken token;
    private CodeStore codes;
    private TaskRunner runner;
    private NodeListener listener;

    @BeforeEach
    void open() throws Exception {
        token = NetworkToken.readOrCreate(folder.resolve("token"), new SecureRandom());
        codes = new CodeStore(folder.resolve("code"));
        runner =
                new TaskRunner(
                        new RunnerSettings(2, ByteSize.ofMiB(512), 16, Duration.ofSeconds(20)),
                        List.of(new FakeRuntime(RuntimeKind.WASM)),
                        codes,
                        System::nanoTime);
        listener =
                AdminListener.start(
                                vertx,
                                "127.0.0.1",
                                0,
                                token,
                                runner,
                                List.of(new LimitPage(() -> List.of(LIMIT)), new NoPage()),
                                workers,
                                new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                                System::nanoTime)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        runner.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        workers.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(listener.port(), path)))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).header("Authorization", "Bearer " + token.text()));
    }

    private Task call(String guest) throws Exception {
        byte[] code = FakeRuntime.code(guest);
        codes.put(code);
        Task task =
                Contracts.task(
                        RuntimeKind.WASM, guest.toLowerCase(Locale.ROOT), code, Limits.DEFAULT);
        CompletableFuture<Outcome> end = new CompletableFuture<>();
        var streams =
                new CallStreams(
                        InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
        runner.enqueue(Contracts.invocation(task), streams, end::complete);
        end.get(20, TimeUnit.SECONDS);
        return task;
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code)
            throws Exception {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(code, JSON.readTree(answer.body()).path("code").asText());
    }

    @Test
    void withoutTheTokenNothingIsTold() throws Exception {
        call("HELLO");
        String right = "Bearer " + token.text();
        for (String path : List.of("/v1/pool", "/v1/pool/tasks/demo/hello", "/v1/none", "/")) {
            assertProblem(send(request(path)), 401, "unauthenticated");
            for (String shown :
                    List.of(token.text(), right + "x", "bearer", "Bearer ", "Basic " + right)) {
                HttpResponse<String> answer = send(request(path).header("Authorization", shown));
                assertProblem(answer, 401, "unauthenticated");
                assertEquals(
                        "Bearer realm=\"runnel\"",
                        answer.headers().firstValue("WWW-Authenticate").orElseThrow());
            }
            assertProblem(
                    send(request(path).headers("Authorization", right, "Authorization", right)),
                    401,
                    "unauthenticated");
        }
    }

    /** Else what comes on its stream afterwards, sound or not, is lost on the way. */
    @Test
    void aRequestIsRefusedWhenItHasEnded() throws Exception {
        var options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false);
        HttpClientAgent http2 = vertx.createHttpClient(options);
        Promise<Integer> status = Promise.promise();
        // From any other thread, Vert.x may look for who asked before it was noted, and drop a
        // pong.
        vertx.getOrCreateContext()
                .runOnContext(
                        loop ->
                                http2.request(POST, listener.port(), "127.0.0.1", "/v1/pool")
                                        .compose(AdminListenerIT::statusWhenEnded)
                                        .onComplete(status));
        assertEquals(401, got(status.future()));
        got(http2.close());
    }

    /** Fails if an answer came to the head alone. On the event loop of the connection. */
    private static Future<Integer> statusWhenEnded(HttpClientRequest request) {
        Future<HttpClientResponse> answer = request.response();
        return request.sendHead()
                // What is answered to its head is here before this.
                .compose(sent -> request.connection().ping(Buffer.buffer("12345678")))
                .compose(
                        pong ->
                                answer.isComplete()
                                        ? Future.failedFuture("answered before its end")
                                        : request.end("{}"))
                .compose(ended -> answer)
                .map(HttpClientResponse::statusCode);
    }

    private static <T> T got(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aRequestHasNoLargeBody() throws Exception {
        byte[] body = new byte[17 << 10];
        assertProblem(
                send(request("/v1/pool").POST(HttpRequest.BodyPublishers.ofByteArray(body))),
                413,
                "payload-too-large");
    }

    @Test
    void thePoolIsToldWithThePhasesOfStarts() throws Exception {
        call("HELLO");
        call("HELLO");
        HttpResponse<String> answer = get("/v1/pool");
        assertEquals(200, answer.statusCode(), answer::body);
        JsonNode pool = JSON.readTree(answer.body());
        assertEquals(128L << 20, pool.path("budgetBytes").asLong());
        assertTrue(pool.path("heldBytes").asLong() > 0);
        assertEquals(1, pool.path("programs").asInt());
        assertEquals(1, pool.path("counts").path("coldCalls").asInt());
        assertEquals(1, pool.path("counts").path("warmCalls").asInt());
        for (String phase : List.of("fetch", "verify", "parse", "compile", "instantiate", "init")) {
            assertTrue(pool.path("phases").path(phase).has("p99Nanos"), phase);
        }
        JsonNode parse = pool.path("phases").path("parse");
        assertEquals(1, parse.path("count").asInt());
        assertEquals(1, parse.path("bins").size());
        assertTrue(
                parse.path("bins").path(0).path("belowNanos").asLong()
                        >= parse.path("mostNanos").asLong());
        assertEquals("hello", pool.path("tasks").path(0).path("task").asText());
    }

    @Test
    void aTaskIsToldWithWhatIsHeldForItAndWhy() throws Exception {
        Task task = call("HELLO");
        HttpResponse<String> answer = get("/v1/pool/tasks/demo/hello");
        assertEquals(200, answer.statusCode(), answer::body);
        JsonNode told = JSON.readTree(answer.body());
        assertEquals(task.code().value(), told.path("digest").asText());
        assertEquals(1, told.path("calls").asInt());
        assertTrue(told.path("open").asBoolean());
        assertTrue(List.of("interpreted", "compiled").contains(told.path("tier").asText()));
        assertEquals("no period; what was used is kept for 10 min", told.path("why").asText());
        assertEquals(0, told.path("periods").size());
        assertFalse(told.path("optimized").asText().isEmpty());
    }

    @Test
    void whatIsNotThereIsSaidSo() throws Exception {
        for (String name :
                List.of("demo/other", "demo", "demo/", "/hello", "demo/hello/more", "De%20mo/a")) {
            assertProblem(get("/v1/pool/tasks/" + name), 404, "task-not-found");
        }
        assertProblem(get("/v1/pools"), 404, "not-found");
        assertProblem(
                send(
                        request("/v1/pool")
                                .header("Authorization", "Bearer " + token.text())
                                .POST(HttpRequest.BodyPublishers.ofString("x"))),
                405,
                "method-not-allowed");
    }

    @Test
    void whyCodeWasRejectedIsTold() throws Exception {
        call("none");
        JsonNode told = JSON.readTree(get("/v1/pool/tasks/demo/none").body());
        assertFalse(told.path("open").asBoolean());
        assertTrue(told.path("optimized").asText().startsWith("rejected: "), told::toString);
    }

    @Test
    void aProfileIsOfSomeSeconds() throws Exception {
        call("HELLO");
        HttpResponse<String> made = get("/v1/profile/tasks/demo/hello?seconds=1");
        assertEquals(200, made.statusCode(), made::body);
        assertEquals("{\"samples\":0,\"functions\":[]}", made.body());
        for (String wrong : List.of("0", "31", "-1", "x", "1e1")) {
            assertProblem(get("/v1/profile/tasks/demo/hello?seconds=" + wrong), 400, "bad-request");
        }
        assertProblem(get("/v1/profile/tasks/demo"), 404, "task-not-found");
    }

    @Test
    void limitsAreTold() throws Exception {
        HttpResponse<String> answer = get("/v1/limits");
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                JSON.readTree(
                        """
                        {"limits":[{"name":"slots","value":8,"unit":"calls",
                         "raisedBy":"slots in the topology"}]}\
                        """),
                JSON.readTree(answer.body()));
        assertProblem(send(request("/v1/limits")), 401, "unauthenticated");
    }

    @Test
    void aPageWithNothingThereSaysSo() throws Exception {
        assertProblem(get("/v1/nothing/x"), 404, "not-found");
        assertProblem(get("/v1/limits/x"), 404, "not-found");
    }
}
