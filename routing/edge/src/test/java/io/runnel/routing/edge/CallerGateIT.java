package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Who calls a task that asks its callers who they are. */
class CallerGateIT {
    private static final TaskRef PAY = TaskRef.of("acme", "pay");
    private static final TaskRef SHOP = TaskRef.of("demo", "shop");
    private static final String AUDIENCE = "runnel://net/task/acme/pay";
    private static final String HEADER = "Runnel-Caller";

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final TestCallers callers = new TestCallers();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger checked = new AtomicInteger();
    private final CallerGate gate =
            callers.gate(
                    job -> {
                        checked.incrementAndGet();
                        workers.execute(job);
                    });
    private volatile Task task =
            TestCallers.task(PAY, Map.of("account", List.of("demo"), "kind", List.of("instance")));
    private final AtomicInteger denied = new AtomicInteger();
    private URI uri;

    @BeforeEach
    void start() throws Exception {
        uri =
                listen(
                        exchange ->
                                gate.pass(
                                        exchange,
                                        false,
                                        task,
                                        () -> answer(exchange),
                                        denied::incrementAndGet));
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        await(vertx.close());
        workers.close();
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

    private void answer(Exchange exchange) {
        exchange.gather(
                BodyLimits.whole(ByteSize.ofMiB(1)),
                body -> exchange.response().end(Integer.toString(body.head().length())));
    }

    private HttpResponse<String> call(String... documents) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        for (String document : documents) {
            request.header(HEADER, document);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private void refused(HttpResponse<String> answer, String why) {
        assertEquals(403, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("caller-rejected"), answer.body());
        assertTrue(answer.body().contains(why), answer.body());
        assertFalse(answer.headers().map().containsKey("Runnel-Not-Run"));
    }

    @Test
    void whoIsWhatIsAskedForComesIn() throws Exception {
        assertEquals(200, call(callers.document(SHOP, AUDIENCE, "")).statusCode());
        assertEquals(0, denied.get());
        refused(call(callers.document(TaskRef.of("thief", "shop"), AUDIENCE, "")), "in: account.");
        assertEquals(1, denied.get());
    }

    @Test
    void whoShowsNothingHearsWhatToShow() throws Exception {
        refused(call(), "made for the audience " + AUDIENCE + ", by the header Runnel-Caller");
        String document = callers.document(SHOP, AUDIENCE, "");
        refused(call(document, document), "one document");
        assertEquals(0, checked.get());
        assertEquals(2, denied.get());
    }

    @Test
    void whoIsNotBelievedHearsWhyAndNotWhatIsAskedFor() throws Exception {
        String meant = callers.document(SHOP, "runnel://net/task/acme/other", "");
        refused(call(meant), "it was made for somebody else");
        refused(call(new TestCallers().document(SHOP, AUDIENCE, "")), "does not lead to a root");
        HttpResponse<String> garbage = call("gar.ba.ge");
        refused(garbage, "not believed");
        assertFalse(garbage.body().contains("account"), garbage.body());
    }

    @Test
    void whereNothingIsAskedForNothingIsLookedAt() throws Exception {
        task = TestCallers.task(PAY, Map.of());
        assertEquals(200, call().statusCode());
        assertEquals(200, call("garbage").statusCode());
        assertEquals(0, checked.get());
    }

    @Test
    void whatTheNetworkAsksForIsAskedForToo() throws Exception {
        CallerGate strict =
                new CallerGate(
                        ref -> new Requirements(Map.of("task", List.of("till"))),
                        callers.documents(),
                        workers,
                        InstantSource.system());
        uri =
                listen(
                        exchange ->
                                strict.pass(
                                        exchange, false, task, () -> answer(exchange), () -> {}));
        refused(call(callers.document(SHOP, AUDIENCE, "")), "in: task.");
        TaskRef till = TaskRef.of("thief", "till");
        refused(call(callers.document(till, AUDIENCE, "")), "in: account.");
        till = TaskRef.of("demo", "till");
        assertEquals(200, call(callers.document(till, AUDIENCE, "")).statusCode());
    }

    @Test
    void aSignatureIsCheckedOnceForManyCalls() throws Exception {
        String document = callers.document(SHOP, AUDIENCE, "");
        for (int i = 0; i < 5; i++) {
            assertEquals(200, call(document).statusCode());
        }
        assertEquals(1, checked.get());
    }

    @Test
    void aTaskMayAskForWhatNobodyHasSeenBefore() throws Exception {
        task = TestCallers.task(PAY, Map.of("fresh", List.of("true")));
        String document = callers.document(SHOP, AUDIENCE, gate.nonce());
        assertEquals(200, call(document).statusCode());
        refused(call(document), "in: fresh.");
        refused(call(callers.document(SHOP, AUDIENCE, "mine")), "in: fresh.");
        uri = listen(exchange -> gate.pass(exchange, true, task, () -> answer(exchange), () -> {}));
        assertEquals(200, call(document).statusCode());
    }

    /** What comes meanwhile is not lost, and does not fill the node's memory. */
    @Test
    void aBodyWaitsWhileTheSignatureIsChecked() throws Exception {
        var jobs = new LinkedBlockingQueue<Runnable>();
        CallerGate slow = callers.gate(jobs::add);
        uri =
                listen(
                        exchange ->
                                slow.pass(exchange, false, task, () -> answer(exchange), () -> {}));
        byte[] body = new byte[300_000];
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .version(version)
                            .header(HEADER, callers.document(SHOP, AUDIENCE, ""))
                            .POST(BodyPublishers.ofByteArray(body))
                            .build();
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(request, BodyHandlers.ofString());
            Runnable job = next(jobs);
            // By now as much has come as comes before anybody reads.
            assertEquals(200, callForNothing().statusCode());
            job.run();
            assertEquals("300000", answer.get(20, TimeUnit.SECONDS).body(), version.toString());
        }
    }

    /** Another call on the same event loop, which is asked for nothing. */
    private HttpResponse<String> callForNothing() throws Exception {
        URI free =
                listen(
                        exchange ->
                                gate.pass(
                                        exchange,
                                        false,
                                        TestCallers.task(PAY, Map.of()),
                                        () -> answer(exchange),
                                        () -> {}));
        return client.send(HttpRequest.newBuilder(free).build(), BodyHandlers.ofString());
    }

    @Test
    void signaturesThatNobodyHasTimeForAreRefused() throws Exception {
        var jobs = new LinkedBlockingQueue<Runnable>();
        CallerGate slow = callers.gate(jobs::add);
        uri =
                listen(
                        exchange ->
                                slow.pass(exchange, false, task, () -> answer(exchange), () -> {}));
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < CallerGate.MOST_AT_ONCE; i++) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .header(HEADER, callers.document(SHOP, AUDIENCE, "n" + i))
                            .build();
            waiting.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        List<Runnable> taken = new ArrayList<>();
        for (int i = 0; i < CallerGate.MOST_AT_ONCE; i++) {
            taken.add(next(jobs));
        }
        HttpResponse<String> one = call(callers.document(SHOP, AUDIENCE, ""));
        assertEquals(503, one.statusCode());
        assertTrue(one.headers().firstValue("Retry-After").isPresent());
        taken.forEach(Runnable::run);
        for (CompletableFuture<HttpResponse<String>> each : waiting) {
            assertEquals(200, each.get(20, TimeUnit.SECONDS).statusCode());
        }
        CompletableFuture<HttpResponse<String>> next =
                client.sendAsync(
                        HttpRequest.newBuilder(uri)
                                .header(HEADER, callers.document(SHOP, AUDIENCE, ""))
                                .build(),
                        BodyHandlers.ofString());
        next(jobs).run();
        assertEquals(200, next.get(20, TimeUnit.SECONDS).statusCode());
    }

    private static Runnable next(BlockingQueue<Runnable> jobs) throws InterruptedException {
        return Objects.requireNonNull(jobs.poll(20, TimeUnit.SECONDS), "nothing is to be checked");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
