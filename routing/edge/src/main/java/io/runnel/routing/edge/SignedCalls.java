package io.runnel.routing.edge;

import io.runnel.attestation.signature.SignatureV4;
import io.runnel.attestation.signature.SignedRequest;
import io.runnel.attestation.signature.SignedRequestCheck;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.routing.placement.Proof;
import io.vertx.core.http.HttpServerRequest;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Proves who calls by what they signed. A body is gathered first, for it is part of that. Each node
 * does so itself, the second as the first: a signature says by itself for which host it was made.
 * For any event loop; never blocks.
 */
public final class SignedCalls {
    /** As Lambda takes it. */
    private static final ByteSize MOST_BODY = ByteSize.ofMiB(6);

    /** What is longer is hashed elsewhere. */
    private static final int SHORT_BYTES = 16 * 1024;

    private static final Proof BAD = new Proof.Bad();

    private final SigningKeys keys;
    private final Executor workers;
    private final InstantSource clock;

    /**
     * Checks calls by these keys.
     *
     * @param workers where long bodies are hashed
     */
    public SignedCalls(SigningKeys keys, Executor workers, InstantSource clock) {
        this.keys = keys;
        this.workers = workers;
        this.clock = clock;
    }

    /**
     * Goes on with what came of it, on the exchange's event loop, or refuses the call.
     *
     * @param origin where the call came into the network
     * @param facts what is known of the key that it names
     */
    void prove(
            Exchange exchange,
            Origin origin,
            SignatureV4 shown,
            KeyFacts facts,
            Consumer<Proof> then) {
        var check = new SignedRequestCheck(shown, request(exchange.request(), origin));
        if (check.flaw(clock.instant()).isPresent()) {
            then.accept(BAD);
            return;
        }
        Proof proved = new Proof.Proved(new Caller.Keyed(facts.account(), shown.key().value()));
        exchange.gatherWhole(
                MOST_BODY,
                body ->
                        ask(
                                exchange,
                                keys.of(shown.key(), shown.scope()),
                                key -> settle(exchange, check, key, body, proved, then)));
    }

    private static void ask(
            Exchange exchange, CompletableFuture<SigningKey> asked, Consumer<SigningKey> then) {
        if (asked.isDone() && !asked.isCompletedExceptionally()) {
            then.accept(asked.join());
            return;
        }
        CompletableFuture<Void> unused =
                asked.handle(
                        (key, failure) -> {
                            exchange.onLoop(
                                    () -> {
                                        if (failure == null) {
                                            then.accept(key);
                                        } else {
                                            refuse(exchange);
                                        }
                                    });
                            return null;
                        });
    }

    private static void refuse(Exchange exchange) {
        exchange.refuse(
                Problem.of(ErrorCode.REGION_UNREACHABLE)
                        .withDetail("No region tells this node how to check the signature now."));
    }

    private void settle(
            Exchange exchange,
            SignedRequestCheck check,
            SigningKey key,
            GatheredBody body,
            Proof proved,
            Consumer<Proof> then) {
        byte[] bytes = body.head().getBytes();
        if (bytes.length <= SHORT_BYTES) {
            then.accept(check.isBy(key, bytes) ? proved : BAD);
            return;
        }
        workers.execute(
                () -> {
                    boolean isBy = check.isBy(key, bytes);
                    exchange.onLoop(() -> then.accept(isBy ? proved : BAD));
                });
    }

    /** As its caller sent it, wherever it is now. */
    private static SignedRequest request(HttpServerRequest request, Origin origin) {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers()
                .forEach(
                        (name, value) ->
                                headers.computeIfAbsent(
                                                name.toLowerCase(Locale.ROOT),
                                                any -> new ArrayList<>())
                                        .add(value));
        headers.put("host", List.of(origin.authority()));
        return new SignedRequest(
                request.method().name(),
                request.path(),
                Objects.requireNonNullElse(request.query(), ""),
                headers);
    }
}
