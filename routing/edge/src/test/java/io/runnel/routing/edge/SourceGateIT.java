package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.VersionRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A node of one slot, which is nearly full as it is; calls stay until they are answered here. */
class SourceGateIT {
    private static final VersionRecord VERSION =
            new VersionRecord(
                    new Task(
                            TaskRef.of("demo", "hello"),
                            1,
                            RuntimeKind.WASM,
                            HandlerKind.HTTP,
                            CodeDigest.of(new byte[0]),
                            Limits.DEFAULT,
                            Map.of()),
                    ByteSize.ofKiB(1),
                    List.of(),
                    Instant.EPOCH);

    @TempDir Path folder;
    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final LinkedBlockingQueue<EdgeCall> passed = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private void start(int slots) throws Exception {
        runner =
                new TaskRunner(
                        new RunnerSettings(slots, ByteSize.ofMiB(64), 1, Duration.ofSeconds(1)),
                        List.of(),
                        new CodeStore(folder.resolve("code")),
                        System::nanoTime);
        SourceGate gate = new SourceGate(runner, 42, System::nanoTime, passed::add);
        listener =
                await(
                        NodeListener.start(
                                vertx,
                                ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                                new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                                System::nanoTime,
                                exchange -> gate.accept(call(exchange))));
    }

    private TaskRunner runner;
    private NodeListener listener;

    @BeforeEach
    void start() throws Exception {
        start(1);
    }

    @AfterEach
    void stop() throws Exception {
        passed.forEach(call -> call.exchange().response().end());
        runner.close();
        client.close();
        await(vertx.close());
    }

    private static EdgeCall call(Exchange exchange) {
        String key = exchange.request().getHeader("Key");
        return new EdgeCall(
                exchange,
                VERSION,
                key == null ? Caller.ANONYMOUS : new Caller.Keyed(new AccountId(key), "k"),
                Optional.empty(),
                EdgeCall.Form.TASK,
                false,
                new Origin(exchange.request().getHeader("Source"), "localhost", 80, "http"),
                "",
                Long.MAX_VALUE);
    }

    private CompletableFuture<HttpResponse<String>> ask(String source, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/"))
                        .header("Source", source);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private EdgeCall next() throws InterruptedException {
        EdgeCall call = passed.poll(20, TimeUnit.SECONDS);
        assertTrue(call != null, "no call passes");
        return call;
    }

    private static void answer(EdgeCall call) {
        call.exchange().onLoop(() -> call.exchange().response().end("done"));
    }

    @Test
    void aNetworkThatHasItsShareIsToldSoAndOthersPass() throws Exception {
        // Two calls are let in: one runs, one waits.
        var first = ask("192.0.2.1");
        EdgeCall one = next();
        var other = ask("198.51.100.1");
        EdgeCall two = next();
        HttpResponse<String> refused = ask("192.0.2.77").get(20, TimeUnit.SECONDS);
        assertEquals(429, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("rate-limited", refused.headers().firstValue("Runnel-Not-Run").orElseThrow());
        assertTrue(refused.body().contains("share of 1 of 2 calls"), refused.body());
        assertTrue(refused.body().contains("'slots'"), refused.body());
        assertEquals(1, runner.loadReport().rateLimited());

        var keyed = ask("192.0.2.77", "Key", "shop");
        answer(next());
        assertEquals(200, keyed.get(20, TimeUnit.SECONDS).statusCode());

        answer(one);
        answer(two);
        assertEquals(200, first.get(20, TimeUnit.SECONDS).statusCode());
        assertEquals(200, other.get(20, TimeUnit.SECONDS).statusCode());
        var again = ask("192.0.2.77");
        answer(next());
        assertEquals(200, again.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void whileSlotsAreFreeNobodyIsAsked() throws Exception {
        runner.close();
        start(8);
        for (int i = 0; i < 30; i++) {
            var unused = ask(i == 0 ? "198.51.100.1" : "192.0.2.1");
        }
        for (int i = 0; i < 30; i++) {
            answer(next());
        }
        assertEquals(0, runner.loadReport().rateLimited());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
