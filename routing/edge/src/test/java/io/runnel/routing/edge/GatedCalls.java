package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.CallRate;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.AccessRequest;
import io.runnel.routing.placement.CallParameters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Calls of {@code demo/hello} that come over HTTP to a gate; those that pass stay until they are
 * answered here. Headers of a request say where it comes from, whose key it shows, how fast the
 * grant lets calls come by which it may, how many the task's owner lets come at once, and whether
 * it is forwarded.
 */
final class GatedCalls {
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

    private static final AccessRequest ASKED =
            new AccessRequest(
                    VERSION.task().ref(), Qualifier.NONE, "GET", "192.0.2.1", 0, header -> "");

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final LinkedBlockingQueue<EdgeCall> passed = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final NodeListener listener;

    /**
     * Listens.
     *
     * @param gate made of what takes the calls that pass
     */
    GatedCalls(Function<Consumer<EdgeCall>, Consumer<EdgeCall>> gate) throws Exception {
        Consumer<EdgeCall> first = gate.apply(passed::add);
        listener =
                await(
                        NodeListener.start(
                                vertx,
                                ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                                new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                                System::nanoTime,
                                exchange -> first.accept(call(exchange))));
    }

    private static EdgeCall call(Exchange exchange) {
        String key = exchange.request().getHeader("Key");
        return new EdgeCall(
                exchange,
                ASKED,
                VERSION,
                atOnce(exchange.request().getHeader("At-Once")),
                Optional.empty(),
                key == null ? Caller.ANONYMOUS : new Caller.Keyed(new AccountId(key), "k"),
                Optional.ofNullable(exchange.request().getHeader("Granted")).map(GatedCalls::grant),
                Optional.empty(),
                exchange.request().getHeader("Event") == null
                        ? EdgeCall.Form.TASK
                        : EdgeCall.Form.EVENT,
                exchange.request().getHeader("Forwarded-Here") != null,
                new Origin(exchange.request().getHeader("Source"), "localhost", 80, "http"),
                "",
                CallParameters.NONE,
                Optional.empty(),
                Optional.empty(),
                Long.MAX_VALUE);
    }

    private static OptionalInt atOnce(String calls) {
        return calls == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(calls));
    }

    /** One that lets so many begin in a second, and at once. */
    private static GrantRecord grant(String rate) {
        return new GrantRecord(
                VERSION.task().ref(),
                Grantee.EVERY_ACCOUNT,
                "r" + rate,
                Qualifier.NONE,
                GrantRecord.Effect.ALLOW,
                false,
                GrantRecord.Placement.CALLER,
                GrantTerms.NONE.atMost(
                        new CallRate(Integer.parseInt(rate), Integer.parseInt(rate))));
    }

    CompletableFuture<HttpResponse<String>> ask(String source, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/"))
                        .header("Source", source);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    EdgeCall next() throws InterruptedException {
        EdgeCall call = passed.poll(20, TimeUnit.SECONDS);
        assertTrue(call != null, "no call passes");
        return call;
    }

    static void answer(EdgeCall call) {
        call.exchange().onLoop(() -> call.exchange().response().end("done"));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Answers what is left, and ends. */
    void close() throws Exception {
        passed.forEach(call -> call.exchange().response().end());
        client.shutdownNow();
        await(vertx.close());
    }
}
