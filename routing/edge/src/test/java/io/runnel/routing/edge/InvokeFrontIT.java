package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.http.ConnectionLimits;
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
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.KeyRecord;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What the Lambda Invoke path asks for: which version, and whether it is run at all. */
final class InvokeFrontIT {
    private static final String TYPE = "X-Amz-Invocation-Type";

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final TestCatalog catalog = new TestCatalog();
    private final BearerToken key = BearerToken.generate(new SecureRandom());
    private final EdgeFront front =
            new EdgeFront(
                    catalog.holder(),
                    new Access(System.nanoTime()),
                    new ApiLibrary(Runnable::run),
                    host -> Optional.empty(),
                    note -> {},
                    new SignedCalls(
                            (id, scope) -> new CompletableFuture<>(),
                            Runnable::run,
                            InstantSource.system()),
                    new TestCallers().gate(Runnable::run),
                    InstantSource.system(),
                    System::nanoTime,
                    () -> EdgeFront.Ready.YES,
                    () -> "{}",
                    InvokeFrontIT::answer);
    private final HttpClient client = HttpClient.newHttpClient();
    private URI functions;

    /** What came of a call: its form and version. */
    private static void answer(EdgeCall call) {
        int version = call.version().task().version();
        call.exchange().response().end("%s %d".formatted(call.form(), version));
    }

    @BeforeEach
    void start() throws Exception {
        NodeListener listener =
                await(
                        NodeListener.start(
                                vertx,
                                ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                                new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                                System::nanoTime,
                                front::handle));
        functions =
                URI.create("http://127.0.0.1:%d/2015-03-31/functions/".formatted(listener.port()));
        TaskRef sum = TaskRef.of("demo", "sum");
        TaskRef page = TaskRef.of("demo", "page");
        catalog.say(
                new AccountRecord(sum.account(), TestCatalog.HOME, false),
                new KeyRecord(key.id().value(), sum.account(), key.secretSha256()),
                version(sum, 1, HandlerKind.EVENT),
                version(sum, 2, HandlerKind.EVENT),
                new AliasRecord(sum, "old", 1, Optional.empty(), Optional.empty()),
                new TaskRecord(sum, 2, 2, false, Optional.empty()),
                version(page, 1, HandlerKind.HTTP),
                new TaskRecord(page, 1, 1, false, Optional.empty()));
        catalog.holder().confirmed(TestCatalog.HOME, Duration.ZERO);
    }

    private static VersionRecord version(TaskRef ref, int number, HandlerKind handler) {
        Task task =
                new Task(
                        ref,
                        number,
                        RuntimeKind.WASM,
                        handler,
                        CodeDigest.of(new byte[] {(byte) number}),
                        Limits.DEFAULT,
                        Map.of());
        return new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private String invoke(String function, String... headers) throws Exception {
        String[] parts = function.split("\\?", 2);
        String query = parts.length > 1 ? "?" + parts[1] : "";
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(functions + parts[0] + "/invocations" + query))
                        .header("Authorization", "Bearer " + key.text())
                        .POST(BodyPublishers.ofString("{}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        String type = answer.headers().firstValue("X-Amzn-ErrorType").orElse(answer.body());
        return answer.statusCode() + " " + type;
    }

    @Test
    void aQualifierIsOfTheNameOrTheQuery() throws Exception {
        assertEquals("200 INVOKE 2", invoke("sum"));
        assertEquals("200 INVOKE 2", invoke("sum?Qualifier=$LATEST"));
        assertEquals("200 INVOKE 2", invoke("sum?Qualifier="));
        assertEquals("200 INVOKE 1", invoke("sum?Qualifier=1"));
        assertEquals("200 INVOKE 1", invoke("sum?Qualifier=old"));
        assertEquals("200 INVOKE 1", invoke("sum:old"));
        assertEquals("200 INVOKE 1", invoke("sum%3A1?Qualifier=1"));
        assertEquals("404 ResourceNotFoundException", invoke("sum?Qualifier=9"));
        assertEquals("404 ResourceNotFoundException", invoke("sum?Qualifier=a%20b"));
        String other = invoke("sum:1?Qualifier=2");
        assertEquals("400 InvalidRequestContentException", other);
    }

    @Test
    void whetherItIsRunIsSaidByAHeader() throws Exception {
        assertEquals("200 INVOKE 2", invoke("sum", TYPE, "RequestResponse"));
        assertEquals("200 EVENT 2", invoke("sum", TYPE, "Event"));
        assertEquals("204 ", invoke("sum", TYPE, "DryRun"));
        assertEquals("204 ", invoke("sum?Qualifier=1", TYPE, "DryRun"));
        assertEquals("404 ResourceNotFoundException", invoke("none", TYPE, "DryRun"));
        assertEquals("404 ResourceNotFoundException", invoke("sum?Qualifier=9", TYPE, "DryRun"));
        for (String bad : List.of("Else", "event", "")) {
            String refused = invoke("sum", TYPE, bad);
            assertTrue(refused.startsWith("400 InvalidRequestContent"), bad + refused);
        }
    }

    @Test
    void whatTakesNoEventsIsNotInvoked() throws Exception {
        for (String type : List.of("RequestResponse", "Event", "DryRun")) {
            assertEquals("400 InvalidParameterValueException", invoke("page", TYPE, type), type);
        }
    }
}
