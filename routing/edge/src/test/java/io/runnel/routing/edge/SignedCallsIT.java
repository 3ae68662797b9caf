package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.runnel.exec.task.CredentialFlaw;
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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

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
    private volatile boolean known = true;
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
        Origin origin = Origin.of(exchange.request());
        Consumer<Proof> then =
                proof ->
                        exchange.gather(
                                BodyLimits.whole(ByteSize.ofMiB(1)),
                                body -> tell(exchange, proof, body.head().length()));
        if (known) {
            signed.prove(exchange, origin, shown, FACTS, then);
        } else {
            signed.refute(exchange, origin, shown, then);
        }
    }

    private static void tell(Exchange exchange, Proof proof, int bytes) {
        exchange.response().end("%s %d".formatted(word(proof), bytes));
    }

    private static String word(Proof proof) {
        return switch (proof) {
            case Proof.Proved(var caller) -> caller.toString().contains(ID) ? "proved" : "odd";
            case Proof.Owner _ -> "owner";
            case Proof.Bad(CredentialFlaw flaw) when flaw.equals(CredentialFlaw.UNKNOWN) ->
                    "unknown";
            case Proof.Bad _ -> "bad";
        };
    }

    private HttpRequest.Builder signed(byte[] body, byte[] told) throws Exception {
        return new TestSigner(ID, "secret", TIME, "lambda").signed(uri, body, told, Map.of());
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

    /** Its body is waited for and hashed all the same: time tells nobody which keys there are. */
    @Test
    void aKeyThatNobodyKnowsIsLookedAtAsLong() throws Exception {
        known = false;
        for (int bytes : new int[] {0, 1_000, 900_000}) {
            assertEquals("unknown " + bytes, answer(bytes));
        }
        assertEquals(0, asked.get());
        byte[] tooLong = new byte[(6 << 20) + 1];
        assertEquals(413, send(signed(tooLong, tooLong)).statusCode());
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
