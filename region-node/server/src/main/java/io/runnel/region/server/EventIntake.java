package io.runnel.region.server;

import io.runnel.cluster.store.StoreException;
import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.KeptEvent.Asked;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ClientContext;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.ErrorShape;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.Problem;
import io.runnel.exec.isolate.Tenants;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.routing.edge.EdgeCall;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps calls that nobody waits for, and answers 202 once that is on disk. Each is kept once,
 * however often it comes. Runs on the call's event loop and never blocks.
 *
 * @param wake there is something to run
 */
record EventIntake(EventStore store, InstantSource clock, Runnable wake)
        implements Consumer<EdgeCall> {
    private static final System.Logger LOG = System.getLogger(EventIntake.class.getName());
    private static final int ACCEPTED = 202;
    private static final String REQUEST_ID = "X-Amzn-RequestId";

    /** Events go one by one: what is full now is not empty in a second. */
    private static final int LATER_SECONDS = 10;

    @Override
    public void accept(EdgeCall call) {
        Exchange exchange = call.exchange();
        exchange.shape(ErrorShape.LAMBDA);
        Optional<String> context = ClientContext.shown(exchange.request());
        if (context.isEmpty()) {
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail("The client context is no JSON object in Base64."));
            return;
        }
        ByteSize ofTask = call.version().task().limits().requestBody();
        ByteSize most =
                ofTask.compareTo(KeptEvent.MOST_PAYLOAD) < 0 ? ofTask : KeptEvent.MOST_PAYLOAD;
        exchange.gather(BodyLimits.whole(most), body -> keep(call, context.get(), body));
    }

    private void keep(EdgeCall call, String context, GatheredBody body) {
        Exchange exchange = call.exchange();
        var unused =
                store.accept(event(call, context, body))
                        .whenComplete(
                                (kept, failure) ->
                                        exchange.onLoop(() -> answer(exchange, kept, failure)));
    }

    private KeptEvent event(EdgeCall call, String context, GatheredBody body) {
        Instant now = clock.instant();
        return new KeptEvent(
                call.exchange().id(),
                Kind.CALL,
                new Asked(
                        call.asked().task(), call.asked().named(), call.origin().client(), context),
                call.ref(),
                Tenants.of(call.version().task(), call.caller()),
                key(call.caller()),
                body.head().getBytes(),
                now,
                Progress.begun(now));
    }

    private static String key(Caller caller) {
        return switch (caller) {
            case Caller.Anonymous _ -> "";
            case Caller.Keyed keyed -> keyed.keyId();
        };
    }

    private void answer(Exchange exchange, EventStore.Accepted kept, Throwable failure) {
        if (failure == null) {
            answer(exchange, kept);
        } else {
            refuse(exchange, failure);
        }
    }

    private void answer(Exchange exchange, EventStore.Accepted kept) {
        switch (kept) {
            case KEPT, KNOWN -> {
                wake.run();
                if (!exchange.isFinished()) {
                    exchange.response()
                            .setStatusCode(ACCEPTED)
                            .putHeader(REQUEST_ID, exchange.id().value())
                            .end();
                }
            }
            case TOO_MANY ->
                    exchange.refuse(
                            Problem.of(ErrorCode.RATE_LIMITED)
                                    .withDetail(
                                            "Of your account %d events, or %s of them, wait already."
                                                    .formatted(
                                                            EventStore.MOST_EVENTS,
                                                            EventStore.MOST_BYTES))
                                    .withRetryAfter(LATER_SECONDS));
        }
    }

    private static void refuse(Exchange exchange, Throwable failure) {
        LOG.log(Level.WARNING, "event {0} is not kept: {1}", exchange.id(), failure.toString());
        boolean busy =
                failure instanceof StoreException e && e.code() == StoreException.Code.OVERLOADED;
        exchange.refuse(
                busy
                        ? Problem.of(ErrorCode.OVER_CAPACITY)
                        : Problem.of(ErrorCode.RUNTIME_UNAVAILABLE)
                                .withDetail("The region cannot keep events now."));
    }
}
