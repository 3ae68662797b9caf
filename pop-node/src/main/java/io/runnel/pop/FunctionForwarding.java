package io.runnel.pop;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.CallerProof;
import io.runnel.exec.http.Credentials;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.ErrorShape;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.http.LambdaControl;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.forward.ForwardCall;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionForwarder;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sends requests of AWS Lambda's control API on to a region, which does them: tools know one
 * address only. Whoever names no key of ours gets no further; what is signed is checked there. On
 * the requests' event loops; never blocks.
 *
 * @param regions to ask, the best first
 * @param calls takes whatever else comes
 * @param underWay how many are on their way
 */
record FunctionForwarding(
        RegionForwarder forwarder,
        Supplier<Catalog> catalog,
        List<RegionId> regions,
        Consumer<Exchange> calls,
        LongSupplier nanoClock,
        AtomicInteger underWay) {
    /** At once: each may bring a program. */
    static final int MOST = 16;

    /** A program streams past the first of it. */
    private static final BodyLimits BODY =
            new BodyLimits(LambdaControl.MOST_BODY, ByteSize.ofKiB(256));

    /** To bring a program by a slow line, and to have it checked. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    void handle(Exchange exchange) {
        String path = exchange.request().path();
        if (path == null || !LambdaControl.handles(path)) {
            calls.accept(exchange);
            return;
        }
        exchange.shape(ErrorShape.LAMBDA);
        Credentials shown = Credentials.of(exchange.request().headers());
        Optional<AccountId> account = account(shown);
        if (account.isEmpty()) {
            exchange.refuse(Problem.of(shown.flaw()));
        } else if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            exchange.refuse(ErrorCode.OVER_CAPACITY);
        } else {
            exchange.whenFinished(underWay::decrementAndGet);
            forward(exchange, account.get());
        }
    }

    /** Whose key the request names. */
    private Optional<AccountId> account(Credentials shown) {
        if (shown instanceof Credentials.Signed(var signature)) {
            return facts(signature.key().value()).map(KeyFacts::account);
        }
        return CallerProof.check(shown, id -> facts(id.value()))
                        instanceof CallerProof.Proved(Caller.Keyed keyed)
                ? Optional.of(keyed.account())
                : Optional.empty();
    }

    private Optional<KeyFacts> facts(String key) {
        return catalog.get().key(key).map(it -> new KeyFacts(it.account(), it.secretSha256()));
    }

    private void forward(Exchange exchange, AccountId account) {
        ForwardCall call =
                new ForwardCall(
                        account,
                        nanoClock.getAsLong() + LONGEST.toNanos(),
                        regions,
                        NodeStart.Of.UNKNOWN,
                        () -> false,
                        false,
                        headers -> {});
        exchange.gather(
                BODY,
                body ->
                        forwarder
                                .forward(exchange, body, call)
                                .onSuccess(
                                        result -> {
                                            if (result instanceof ForwardResult.Unreached nobody) {
                                                forwarder.refuse(exchange, call, nobody);
                                            }
                                        }));
    }
}
