package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Operation;
import io.runnel.routing.api.RequestChecks;
import io.runnel.routing.api.RequestFlaw;
import io.runnel.routing.catalog.CallRate;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets calls by routes of APIs pass that are as their routes ask, as fast as these say, or answers
 * them by what is kept; other calls pass. What another node of ours sends on was asked there. For
 * any event loop; never blocks: what takes long to check is checked elsewhere.
 */
final class ApiGate implements Consumer<EdgeCall> {
    /** The largest body that is signed: it is held as a whole. */
    static final ByteSize MOST_SIGNED = ByteSize.ofMiB(1);

    /** Up to then a body is checked on the event loop. */
    private static final int SMALL_BYTES = 4 * 1024;

    private final RateUses<Throttled> uses;
    private final Executor workers;
    private final ApiCache cache;
    private final Consumer<EdgeCall> next;

    /** A route whose calls come so fast and no faster. */
    private record Throttled(TaskRef api, String stage, String route) {}

    /**
     * A gate before a node's calls.
     *
     * @param workers where large bodies are checked
     * @param next takes the calls that may pass
     */
    ApiGate(LongSupplier nanoClock, Executor workers, ApiCache cache, Consumer<EdgeCall> next) {
        this.uses = new RateUses<>(nanoClock);
        this.workers = workers;
        this.cache = cache;
        this.next = next;
    }

    @Override
    public void accept(EdgeCall call) {
        if (call.api().isEmpty() || call.forwarded()) {
            next.accept(call);
            return;
        }
        ApiCall api = call.api().get();
        Optional<Problem> problem =
                throttled(api).or(() -> flaw(call.exchange().request(), api).map(ApiGate::problem));
        problem.ifPresentOrElse(
                call::turnAway, () -> cache.pass(call, asked -> body(asked, api.operation())));
    }

    private Optional<Problem> throttled(ApiCall api) {
        Optional<CallRate> rate = api.operation().throttle();
        if (rate.isEmpty()) {
            return Optional.empty();
        }
        Throttled route = new Throttled(api.name(), api.stage(), api.operation().key());
        Optional<Duration> after = uses.tryBegin(route, rate.get());
        return after.map(
                wait ->
                        Problem.of(ErrorCode.RATE_LIMITED)
                                .withDetail(
                                        "The route allows %s."
                                                .formatted(QuotaUse.sentence(rate.get())))
                                .withRetryAfter(QuotaGate.seconds(wait)));
    }

    private static Optional<RequestFlaw> flaw(HttpServerRequest request, ApiCall api) {
        String query = Objects.requireNonNullElse(request.query(), "");
        return api.operation().checks().head(api.path(), query, request.headers()::getAll);
    }

    private static Problem problem(RequestFlaw flaw) {
        ErrorCode code =
                switch (flaw.kind()) {
                    case BAD_REQUEST -> ErrorCode.BAD_REQUEST;
                    case UNSUPPORTED_MEDIA_TYPE -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
                };
        return Problem.of(code).withDetail(flaw.toString());
    }

    private void body(EdgeCall call, Operation operation) {
        boolean isWanted =
                operation.mostBody().isPresent()
                        || wantsBody(operation.checks(), type(call))
                        || operation.webhook().isPresent();
        if (isWanted) {
            call.exchange().gatherWhole(most(call, operation), body -> check(call, body));
        } else {
            next.accept(call);
        }
    }

    /** Of a body that has no type it is looked whether there may be one without. */
    private static boolean wantsBody(RequestChecks checks, Optional<String> type) {
        return type.isEmpty() ? checks.wantsBody() : checks.wantsBody(type);
    }

    private static Optional<String> type(EdgeCall call) {
        return Optional.ofNullable(call.exchange().request().getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private static ByteSize most(EdgeCall call, Operation operation) {
        long most = call.version().task().limits().requestBody().bytes();
        if (operation.mostBody().isPresent()) {
            most = Math.min(most, operation.mostBody().get().bytes());
        }
        if (wantsBody(operation.checks(), type(call))) {
            most = Math.min(most, RequestChecks.MOST_BODY);
        }
        if (operation.webhook().isPresent()) {
            most = Math.min(most, MOST_SIGNED.bytes());
        }
        return new ByteSize(most);
    }

    private void check(EdgeCall call, GatheredBody body) {
        RequestChecks checks = call.api().orElseThrow().operation().checks();
        Optional<String> type = type(call);
        if (!wantsBody(checks, type)) {
            next.accept(call);
            return;
        }
        Exchange exchange = call.exchange();
        byte[] bytes = body.head().getBytes();
        if (bytes.length <= SMALL_BYTES) {
            checked(call, checks.body(type, bytes));
            return;
        }
        workers.execute(
                () -> {
                    try {
                        Optional<RequestFlaw> flaw = checks.body(type, bytes);
                        exchange.onLoop(() -> checked(call, flaw));
                    } catch (RuntimeException e) {
                        exchange.onLoop(() -> exchange.fail(e));
                    }
                });
    }

    private void checked(EdgeCall call, Optional<RequestFlaw> flaw) {
        if (!call.exchange().isFinished()) {
            flaw.map(ApiGate::problem).ifPresentOrElse(call::turnAway, () -> next.accept(call));
        }
    }
}
