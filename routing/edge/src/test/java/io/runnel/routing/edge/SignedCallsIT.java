package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.signature.SignatureV4;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;
import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.routing.placement.Proof;
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
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls that their callers signed, as a node gets them. */
class SignedCallsIT {
    private static final String ID = "RNLAAAAAAAAAAAAAAAAA";
    private static final KeyFacts FACTS = new KeyFacts(new AccountId("demo"), "0".repeat(64));
    private static final String TIME = "20261129T120000Z";

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-11-29T12:00:01Z");
    private volatile SigningKeys keys = (key, scope) -> given(scope);
    private final SignedCalls signed =
            new SignedCalls(
                    (key, scope) -> {
                        asked.incrementAndGet();
                        return keys.of(key, scope);
                    },
                    workers,
                    () -> now);
    private URI uri;

    private static CompletableFuture<SigningKey> given(SigningScope scope) {
        return CompletableFuture.completedFuture(SigningKey.derive("secret", scope));
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
                                this::handle));
        uri = URI.create("http://127.0.0.1:%d/fn/demo/echo?b=2&a=1".formatted(listener.port()));
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        await(vertx.close());
        workers.close();
    }

    private void handle(Exchange exchange) {
        SignatureV4 shown =
                SignatureV4.parse(exchange.request().getHeader("Authorization")).orElseThrow();
        signed.prove(
                exchange,
                Origin.of(exchange.request()),
                shown,
                FACTS,
                proof ->
                        exchange.gather(
                                BodyLimits.whole(ByteSize.ofMiB(1)),
                                body ->
                                        exchange.response()
                                                .end(
                                                        "%s %d"
                                                                .formatted(
                                                                        word(proof),
                                                                        body.head().length()))));
    }

    private static String word(Proof proof) {
        return switch (proof) {
            case Proof.Proved(var caller) -> caller.toString().contains(ID) ? "proved" : "odd";
            case Proof.Bad _ -> "bad";
        };
    }

    /** As tools of AWS do it; written here once more, so that not both are wrong alike. */
    private HttpRequest.Builder signed(byte[] body, byte[] told) throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        String canonical =
                String.join(
                        "\n",
                        "POST",
                        "/fn/demo/echo",
                        "a=1&b=2",
                        "host:" + uri.getAuthority(),
                        "x-amz-date:" + TIME,
                        "",
                        "host;x-amz-date",
                        HexFormat.of().formatHex(hash.digest(told)));
        String scope = "20261129/eu-west/lambda/aws4_request";
        String text =
                "AWS4-HMAC-SHA256\n%s\n%s\n%s"
                        .formatted(
                                TIME,
                                scope,
                                HexFormat.of().formatHex(hash.digest(canonical.getBytes(UTF_8))));
        byte[] key = "AWS4secret".getBytes(UTF_8);
        for (String part : scope.split("/", -1)) {
            key = mac(key, part);
        }
        return HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .header("X-Amz-Date", TIME)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-date, Signature=%s"
                                .formatted(ID, scope, HexFormat.of().formatHex(mac(key, text))))
                .POST(BodyPublishers.ofByteArray(body));
    }

    private static byte[] mac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String answer(int bytes) throws Exception {
        byte[] body = new byte[bytes];
        return send(signed(body, body)).body();
    }

    @Test
    void whatTheCallerSignedProvesWhoItIsAndItsBodyIsThere() throws Exception {
        for (int bytes : new int[] {0, 1, 1_000, 20_000, 900_000}) {
            assertEquals("proved " + bytes, answer(bytes));
        }
        byte[] body = new byte[3];
        assertEquals("bad 3", send(signed(body, new byte[] {1, 0, 0})).body());
        byte[] longer = new byte[20_000];
        assertEquals("bad 20000", send(signed(longer, body)).body());
    }

    @Test
    void whatIsOldIsNotLookedAt() throws Exception {
        now = now.plusSeconds(3_600);
        assertEquals("bad 3", answer(3));
        assertEquals(0, asked.get());
    }

    @Test
    void itsKeyMayComeLater() throws Exception {
        CompletableFuture<SigningKey> later = new CompletableFuture<>();
        CompletableFuture<SigningScope> scope = new CompletableFuture<>();
        keys =
                (key, wanted) -> {
                    scope.complete(wanted);
                    return later;
                };
        byte[] body = new byte[5];
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(signed(body, body).build(), BodyHandlers.ofString());
        SigningScope wanted = scope.get(20, TimeUnit.SECONDS);
        assertFalse(answer.isDone());
        later.complete(SigningKey.derive("secret", wanted));
        assertEquals("proved 5", answer.get(20, TimeUnit.SECONDS).body());
    }

    @Test
    void whoCannotBeAskedIsNoReasonToBelieve() throws Exception {
        keys = (key, scope) -> CompletableFuture.failedFuture(new IllegalStateException("away"));
        byte[] body = new byte[5];
        HttpResponse<String> answer = send(signed(body, body));
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("region-unreachable"), answer.body());
        keys = (key, scope) -> CompletableFuture.completedFuture(SigningKey.derive("x", scope));
        assertEquals("bad 5", send(signed(body, body)).body());
    }

    @Test
    void aBodyBeyondWhatIsHashedIsRefused() throws Exception {
        byte[] body = new byte[(6 << 20) + 1];
        assertEquals(413, send(signed(body, body)).statusCode());
        byte[] more = new byte[(1 << 20) + 1];
        assertEquals(413, send(signed(more, more)).statusCode(), "more than the task takes");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
