package io.runnel.routing.edge;

import io.runnel.attestation.signature.SignatureV4;
import io.runnel.attestation.signature.SignedRequest;
import io.runnel.attestation.signature.SignedRequestCheck;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.ErrorShape;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CredentialFlaw;
import io.runnel.routing.placement.Proof;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

    private static final Proof MISMATCH = new Proof.Bad(CredentialFlaw.MISMATCH);
    private static final Proof UNKNOWN = new Proof.Bad(CredentialFlaw.UNKNOWN);

    /** What a signature is checked by that proves nothing: it takes as long. */
    private static final CompletableFuture<SigningKey> NOBODYS =
            CompletableFuture.completedFuture(
                    SigningKey.derive("", new SigningScope(LocalDate.EPOCH, "none", "none")));

    /** RFC 9110 section 5.6.7. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

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
    public void prove(
            Exchange exchange,
            Origin origin,
            SignatureV4 shown,
            KeyFacts facts,
            Consumer<Proof> then) {
        Proof proved = new Proof.Proved(new Caller.Keyed(facts.account(), shown.key().value()));
        check(
                exchange,
                new SignedRequestCheck(shown, request(exchange.request(), origin)),
                () -> keys.of(shown.key(), shown.scope()),
                isBy -> then.accept(isBy ? proved : MISMATCH),
                then);
    }

    /**
     * As {@link #prove}, of a key that nobody knows: it goes on with a bad proof, when it would
     * have done so with a key that is known.
     */
    void refute(Exchange exchange, Origin origin, SignatureV4 shown, Consumer<Proof> then) {
        check(
                exchange,
                new SignedRequestCheck(shown, request(exchange.request(), origin)),
                () -> NOBODYS,
                any -> then.accept(UNKNOWN),
                then);
    }

    private void check(
            Exchange exchange,
            SignedRequestCheck check,
            Supplier<CompletableFuture<SigningKey>> key,
            Consumer<Boolean> settled,
            Consumer<Proof> flawed) {
        Optional<CredentialFlaw> flaw = flawOf(check);
        if (flaw.isPresent()) {
            flawed.accept(new Proof.Bad(flaw.get()));
            return;
        }
        exchange.gatherWhole(
                MOST_BODY,
                body ->
                        ask(
                                exchange,
                                key.get(),
                                found -> settle(exchange, check, found, body, settled)));
    }

    /**
     * The same of a call whose body is somewhere else already.
     *
     * @param payload the body's SHA-256, in small hexadecimal digits
     */
    public void proveOf(
            Exchange exchange,
            Origin origin,
            SignatureV4 shown,
            KeyFacts facts,
            String payload,
            Consumer<Proof> then) {
        var check = new SignedRequestCheck(shown, request(exchange.request(), origin));
        Optional<CredentialFlaw> flaw = flawOf(check);
        if (flaw.isPresent()) {
            then.accept(new Proof.Bad(flaw.get()));
            return;
        }
        Proof proved = new Proof.Proved(new Caller.Keyed(facts.account(), shown.key().value()));
        ask(
                exchange,
                keys.of(shown.key(), shown.scope()),
                key -> then.accept(check.isBy(key, payload) ? proved : MISMATCH));
    }

    /**
     * Refuses a call whose caller is not proved. Clients of Lambda are told why, and the time: they
     * set their clocks by it, and sign again.
     */
    public void refuse(Exchange exchange, CredentialFlaw flaw) {
        if (exchange.shape() == ErrorShape.LAMBDA) {
            exchange.response().headers().set(HttpHeaders.DATE, DATE.format(clock.instant()));
        }
        exchange.refuse(Problem.of(flaw));
    }

    /** What is wrong with it that needs no key to see. */
    private Optional<CredentialFlaw> flawOf(SignedRequestCheck check) {
        Instant now = clock.instant();
        return check.flaw(now).map(flaw -> SignatureFlaws.of(flaw, check, now));
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
            Consumer<Boolean> then) {
        byte[] bytes = body.head().getBytes();
        if (bytes.length <= SHORT_BYTES) {
            then.accept(check.isBy(key, bytes));
            return;
        }
        workers.execute(
                () -> {
                    boolean isBy = check.isBy(key, bytes);
                    exchange.onLoop(() -> then.accept(isBy));
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
