package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.Access;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a node believes of a call that another node forwards: its id and its time, no more. */
final class EdgeFrontIT {
    private static final String ID = "01m8avyx15hxa39txh3aswts7m";
    private static final long LATEST_MS = 60_000;

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final Queue<AccessNote> noted = new ConcurrentLinkedQueue<>();
    private final TestCatalog catalog = new TestCatalog();
    private volatile String keys = "{\"keys\":[]}";
    private final EdgeFront front =
            new EdgeFront(
                    catalog.holder(),
                    new Access(System.nanoTime()),
                    new ApiLibrary(Runnable::run),
                    host -> Optional.empty(),
                    noted::add,
                    new SignedCalls(
                            (key, scope) -> new CompletableFuture<>(),
                            Runnable::run,
                            InstantSource.system()),
                    new TestCallers().gate(Runnable::run),
                    InstantSource.system(),
                    System::nanoTime,
                    () -> EdgeFront.Ready.YES,
                    () -> keys,
                    this::answer);
    private volatile OptionalInt atOnce = OptionalInt.empty();
    private HttpClient client;

    private void answer(EdgeCall call) {
        atOnce = call.atOnce();
        call.exchange().response().end("called");
    }

    @BeforeEach
    void start() {
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        await(vertx.close());
    }

    @Test
    void theProofOfAForwardedCallIsCheckedAgain() throws Exception {
        URI uri = listen(front::handleForwarded);
        String token = BearerToken.generate(new SecureRandom()).text();
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .header("Runnel-Deadline", "1000")
                        .build();
        assertEquals(401, client.send(request, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void whoIsDeniedIsNotedAndEachOf32WhoAreAllowed() throws Exception {
        URI uri = listen(front::handleForwarded).resolve("/fn/demo/hello");
        assertEquals(404, ask(uri, ID, "").statusCode());
        assertEquals(
                401, ask(uri, ID, BearerToken.generate(new SecureRandom()).text()).statusCode());
        assertEquals(
                List.of("denied not-found demo/hello", "denied bad-credentials demo/hello"),
                noted.stream().map(EdgeFrontIT::told).toList());
        AccessNote first = noted.element();
        assertEquals(ID, first.request().value());
        assertEquals("127.0.0.0/24", first.kind().source());
        assertEquals("GET", first.kind().method());
        noted.clear();
        deployForEveryone();
        assertEquals(200, ask(uri, ID, "").statusCode());
        assertEquals(OptionalInt.of(7), atOnce, "what the task's owner says goes with the call");
        assertEquals(List.of(), List.copyOf(noted));
        String sampled = ID.substring(0, ID.length() - 1) + "0";
        assertEquals(200, ask(uri, sampled, "").statusCode());
        assertEquals(
                List.of("allowed everyone demo/hello"),
                noted.stream().map(EdgeFrontIT::told).toList());
    }

    private static String told(AccessNote note) {
        AccessNote.Kind kind = note.kind();
        assertEquals(Optional.empty(), kind.account());
        return "%s %s %s"
                .formatted(kind.allowed() ? "allowed" : "denied", kind.reason(), kind.task());
    }

    private HttpResponse<String> ask(URI uri, String id, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Runnel-Request-Id", id);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private void deployForEveryone() {
        TaskRef hello = TaskRef.of("demo", "hello");
        Task task =
                new Task(
                        hello,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[0]),
                        Limits.DEFAULT,
                        Map.of());
        catalog.say(
                new AccountRecord(hello.account(), TestCatalog.HOME, false),
                new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH),
                new TaskRecord(hello, 1, 1, true, Optional.empty()).atMost(OptionalInt.of(7)));
    }

    /** Without credentials, and as they are at the moment. */
    @Test
    void anybodyGetsTheKeysOfTheNode() throws Exception {
        URI uri = listen(front::handle).resolve("/_runnel/jwks.json");
        for (String now : new String[] {"{\"keys\":[]}", "{\"keys\":[{\"kid\":\"a\"}]}"}) {
            keys = now;
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertEquals(now, answer.body());
            assertEquals(
                    "application/jwk-set+json",
                    answer.headers().firstValue("Content-Type").orElse(""));
            assertEquals("max-age=10", answer.headers().firstValue("Cache-Control").orElse(""));
        }
        HttpRequest post = HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build();
        assertEquals(404, client.send(post, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void anybodyGetsANonceAndEachAnotherOne() throws Exception {
        URI uri = listen(front::handle).resolve("/_runnel/nonce");
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
            assertTrue(nonces.add(answer.body().strip()), answer.body());
        }
    }

    @Test
    void onlyAForwardedCallBringsItsId() throws Exception {
        assertEquals(ID, idOf(listen(front::handleForwarded)));
        assertNotEquals(ID, idOf(listen(front::handle)));
    }

    @Test
    void aForwardedCallHasTheTimeThatIsLeftToItAndNoMore() throws Exception {
        URI uri = listen(EdgeFrontIT::tellTimeLeft);
        assertEquals("1500", left(uri, "1500"));
        assertEquals("0", left(uri, "0"));
        for (String odd : new String[] {"60001", "999999999", "9999999999", "-1", "soon"}) {
            assertEquals(Long.toString(LATEST_MS), left(uri, odd), odd);
        }
    }

    private static void tellTimeLeft(Exchange exchange) {
        long latest = exchange.arrivedNanos() + TimeUnit.MILLISECONDS.toNanos(LATEST_MS);
        long nanos = ForwardedCall.deadlineNanos(exchange, latest) - exchange.arrivedNanos();
        exchange.response().end(Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    private String left(URI uri, String deadline) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("Runnel-Deadline", deadline).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private String idOf(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).header("Runnel-Request-Id", ID).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertEquals(404, answer.statusCode());
        return answer.headers().firstValue("Runnel-Request-Id").orElseThrow();
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
        return URI.create("http://127.0.0.1:%d/fn/demo/hello".formatted(listener.port()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        Duration most = Duration.ofSeconds(20);
        return future.toCompletionStage()
                .toCompletableFuture()
                .get(most.toMillis(), TimeUnit.MILLISECONDS);
    }
}
