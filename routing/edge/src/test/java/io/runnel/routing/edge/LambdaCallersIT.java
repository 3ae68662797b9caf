package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.signature.SigningKey;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What callers that sign as clients of AWS Lambda do are told, by its paths and by {@code /fn}. */
final class LambdaCallersIT {
    private static final String ID = "RNLAAAAAAAAAAAAAAAAA";
    private static final String INVOKE = "/2015-03-31/functions/%s/invocations";
    private static final String STREAM = "/2021-11-15/functions/%s/response-streaming-invocations";
    private static final byte[] BODY = {'{', '}'};

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final TestCatalog catalog = new TestCatalog();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Instant now = Instant.parse("2026-11-29T12:00:01Z");
    private final EdgeFront front =
            new EdgeFront(
                    catalog.holder(),
                    new Access(System.nanoTime()),
                    new ApiLibrary(Runnable::run),
                    host -> Optional.empty(),
                    note -> {},
                    new SignedCalls(
                            (key, scope) ->
                                    CompletableFuture.completedFuture(
                                            SigningKey.derive("secret", scope)),
                            Runnable::run,
                            () -> now),
                    new TestCallers().gate(Runnable::run),
                    () -> now,
                    System::nanoTime,
                    () -> EdgeFront.Ready.YES,
                    () -> "",
                    LambdaCallersIT::answer);
    private URI node;

    private static void answer(EdgeCall call) {
        call.exchange().response().end("called %s %s".formatted(call.form(), call.caller()));
    }

    @BeforeEach
    void start() throws Exception {
        node = listen(front::handle);
        TaskRef hello = TaskRef.of("demo", "hello");
        Task task =
                new Task(
                        hello,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.EVENT,
                        CodeDigest.of(new byte[0]),
                        Limits.DEFAULT,
                        Map.of());
        catalog.say(
                new AccountRecord(hello.account(), TestCatalog.HOME, false),
                new KeyRecord(ID, hello.account(), "0".repeat(64)),
                new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH),
                new TaskRecord(hello, 1, 1, true, Optional.empty()));
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
        return URI.create("http://127.0.0.1:" + listener.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        await(vertx.close());
    }

    private static TestSigner signer(String id, String secret) {
        return new TestSigner(id, secret, "20261129T120000Z", "lambda");
    }

    private URI lambda(String function) {
        return node.resolve(INVOKE.formatted(function));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> signed(TestSigner by, URI uri) throws Exception {
        return send(by.signed(uri, BODY, BODY, Map.of()));
    }

    /** With the time, that clients may set their clocks by it. */
    private static void isRefused(String type, String message, HttpResponse<String> answer) {
        assertEquals(403, answer.statusCode(), answer::body);
        assertEquals(type, answer.headers().firstValue("X-Amzn-ErrorType").orElse(""));
        assertTrue(answer.body().contains(message), answer::body);
        assertTrue(
                answer.headers().firstValue("Date").orElse("").startsWith("Sun, 29 Nov 2026 1"),
                answer.headers()::toString);
    }

    @Test
    void aSignatureProvesTheCallerInEitherForm() throws Exception {
        TestSigner good = signer(ID, "secret");
        for (URI uri : List.of(lambda("hello"), node.resolve("/fn/demo/hello/a%20b?z=1&a=2"))) {
            for (HttpRequest.Builder request :
                    List.of(
                            good.signed(uri, BODY, BODY, Map.of()),
                            good.presigned(uri, BODY, 60),
                            good.presigned(uri, new byte[0], 604_800))) {
                HttpResponse<String> answer = send(request);
                assertEquals(200, answer.statusCode(), answer::body);
                assertTrue(answer.body().contains(ID), answer::body);
            }
        }
        now = now.plusSeconds(59);
        assertEquals(200, send(good.presigned(lambda("hello"), BODY, 60)).statusCode());
        now = now.plusSeconds(1);
        isRefused(
                "InvalidSignatureException",
                "Signature expired: 20261129T120100Z is now earlier than 20261129T120101Z",
                send(good.presigned(lambda("hello"), BODY, 60)));
    }

    /** A POP hands on the query as it came, and says for which host that was. */
    @Test
    void theNextNodeChecksWhatWasPresignedAgain() throws Exception {
        URI next = listen(front::handleForwarded);
        URI asked = URI.create("http://pop.example:8081/fn/demo/hello?a=1");
        URI presigned = signer(ID, "secret").presigned(asked, BODY, 60).build().uri();
        URI there = next.resolve(presigned.getRawPath() + "?" + presigned.getRawQuery());
        HttpRequest.Builder handedOn =
                HttpRequest.newBuilder(there).POST(BodyPublishers.ofByteArray(BODY));
        assertEquals(401, send(handedOn).statusCode(), "for another host");
        handedOn.header("Forwarded", "for=192.0.2.1;host=\"pop.example:8081\";proto=http");
        HttpResponse<String> answer = send(handedOn);
        assertEquals(200, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains(ID), answer::body);
    }

    @Test
    void anAnswerMayBeAskedForAsAStream() throws Exception {
        TestSigner good = signer(ID, "secret");
        URI stream = node.resolve(STREAM.formatted("hello"));
        for (String qualifier : List.of("", "?Qualifier=1", "?Qualifier=%24LATEST")) {
            HttpResponse<String> answer = signed(good, URI.create(stream + qualifier));
            assertTrue(answer.body().startsWith("called STREAM "), answer::body);
        }
        assertTrue(signed(good, lambda("hello")).body().startsWith("called INVOKE "));
        assertEquals(404, signed(good, URI.create(stream + "?Qualifier=2")).statusCode());
        assertEquals(404, signed(good, node.resolve(STREAM.formatted("none"))).statusCode());
        isRefused(
                "InvalidSignatureException", "does not match", signed(signer(ID, "other"), stream));
        assertEquals("200", typed(stream, "RequestResponse"));
        assertEquals("204", typed(stream, "DryRun"));
        String event = typed(stream, "Event");
        assertTrue(event.startsWith("400"), event);
        assertTrue(event.contains("must be RequestResponse or DryRun."), event);
        assertEquals("200", typed(lambda("hello"), "Event"));
    }

    private String typed(URI uri, String type) throws Exception {
        HttpResponse<String> answer =
                send(
                        signer(ID, "secret")
                                .signed(uri, BODY, BODY, Map.of("x-amz-invocation-type", type)));
        int status = answer.statusCode();
        return status < 300 ? "" + status : status + answer.body();
    }

    @Test
    void whatIsWrongWithASignatureIsSaidAsAwsSaysIt() throws Exception {
        String mismatch = "The request signature we calculated does not match";
        isRefused(
                "InvalidSignatureException",
                mismatch,
                signed(signer(ID, "other"), lambda("hello")));
        isRefused(
                "InvalidSignatureException",
                mismatch,
                send(signer(ID, "secret").signed(lambda("hello"), BODY, new byte[1], Map.of())));
        isRefused(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                signed(signer("RNLBBBBBBBBBBBBBBBBB", "secret"), lambda("hello")));
        isRefused(
                "UnrecognizedClientException",
                "invalid",
                signed(signer("AKIAIOSFODNN7EXAMPLE", "secret"), lambda("hello")));
        isRefused(
                "InvalidSignatureException",
                "correct service: 'lambda'",
                signed(new TestSigner(ID, "secret", "20261129T120000Z", "s3"), lambda("hello")));
        isRefused(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
                send(HttpRequest.newBuilder(lambda("hello")).POST(BodyPublishers.noBody())));
        isRefused(
                "IncompleteSignatureException",
                "not well formed",
                send(
                        HttpRequest.newBuilder(lambda("hello"))
                                .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + ID)
                                .POST(BodyPublishers.noBody())));
    }

    @Test
    void clocksThatAreWrongAreToldSo() throws Exception {
        TestSigner good = signer(ID, "secret");
        now = Instant.parse("2026-11-29T12:05:01Z");
        isRefused(
                "InvalidSignatureException",
                "Signature expired: 20261129T120000Z is now earlier than 20261129T120001Z"
                        + " (20261129T120501Z - 5 min.)",
                signed(good, lambda("hello")));
        now = Instant.parse("2026-11-29T11:54:59Z");
        isRefused(
                "InvalidSignatureException",
                "Signature not yet current: 20261129T120000Z is still later than"
                        + " 20261129T115959Z (20261129T115459Z + 5 min.)",
                signed(good, lambda("hello")));
    }

    @Test
    void payloadsThatAreNotHashedAreRefused() throws Exception {
        for (String payload :
                List.of(
                        "UNSIGNED-PAYLOAD",
                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER")) {
            isRefused(
                    "IncompleteSignatureException",
                    "must be the SHA-256 of the body",
                    send(
                            signer(ID, "secret")
                                    .signed(
                                            lambda("hello"),
                                            BODY,
                                            BODY,
                                            Map.of("x-amz-content-sha256", payload))));
        }
    }

    @Test
    void twoFormsAtOnceAreNone() throws Exception {
        TestSigner good = signer(ID, "secret");
        HttpRequest presigned = good.presigned(lambda("hello"), BODY, 60).build();
        for (String other :
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x",
                        "Bearer " + ID + "." + "a".repeat(43))) {
            HttpRequest.Builder both =
                    HttpRequest.newBuilder(presigned.uri())
                            .header("Authorization", other)
                            .POST(BodyPublishers.ofByteArray(BODY));
            isRefused("IncompleteSignatureException", "not well formed", send(both));
        }
        URI twice = URI.create(presigned.uri() + "&x-amz-expires=60");
        isRefused(
                "IncompleteSignatureException",
                "not well formed",
                send(HttpRequest.newBuilder(twice).POST(BodyPublishers.ofByteArray(BODY))));
        HttpRequest.Builder trick =
                HttpRequest.newBuilder(presigned.uri())
                        .header("X-Amz-Invocation-Type", "DryRun")
                        .POST(BodyPublishers.ofByteArray(BODY));
        isRefused("IncompleteSignatureException", "each x-amz-* header", send(trick));
    }

    /** Whatever is wrong, and whatever is called. */
    @Test
    void otherPathsSayOnlyThatItIsWrong() throws Exception {
        for (String path : List.of("/fn/demo/hello", "/fn/demo/none", "/fn/nobody/none")) {
            URI uri = node.resolve(path);
            for (HttpRequest.Builder bad :
                    List.of(
                            signer(ID, "other").signed(uri, BODY, BODY, Map.of()),
                            signer("RNLBBBBBBBBBBBBBBBBB", "x").signed(uri, BODY, BODY, Map.of()),
                            signer(ID, "other").presigned(uri, BODY, 60),
                            signer(ID, "secret").presigned(uri, BODY, 604_801),
                            new TestSigner(ID, "secret", "20261128T120000Z", "lambda")
                                    .signed(uri, BODY, BODY, Map.of()))) {
                HttpResponse<String> answer = send(bad);
                assertEquals(401, answer.statusCode(), answer::body);
                assertTrue(
                        answer.body().contains("\"title\":\"The credentials are not valid.\""),
                        answer::body);
                assertFalse(answer.body().contains("detail"), answer::body);
                assertTrue(answer.headers().firstValue("X-Amzn-ErrorType").isEmpty());
            }
        }
    }

    /** Who has no key learns nothing of what there is. */
    @Test
    void badCredentialsAreToldAlikeWhateverIsCalled() throws Exception {
        for (TestSigner bad :
                List.of(signer(ID, "other"), signer("RNLBBBBBBBBBBBBBBBBB", "secret"))) {
            String first = signed(bad, lambda("demo:function:hello")).body();
            for (String function :
                    List.of("hello", "none", "demo:function:none", "nobody:function:none")) {
                assertEquals(first, signed(bad, lambda(function)).body(), function);
            }
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
