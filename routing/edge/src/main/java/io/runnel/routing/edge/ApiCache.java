package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.QuietResponse;
import io.runnel.exec.task.Caller;
import io.runnel.routing.api.CacheRule;
import io.runnel.routing.api.ParameterSource;
import io.runnel.routing.cache.CachePolicy;
import io.runnel.routing.cache.CacheRequest;
import io.runnel.routing.cache.CacheStatus;
import io.runnel.routing.cache.Forward;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.cache.Lookup;
import io.runnel.routing.cache.StoredAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Answers calls by routes of APIs with what other calls of the same were answered, where the route
 * says so. What nobody waits for is asked for anew behind the back of who was answered, as a call
 * of his. For any event loop; never blocks.
 */
final class ApiCache {
    private static final int NOT_MODIFIED = 304;
    private static final int LEAST_ERROR = 400;
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final CharSequence AGE = HttpHeaders.createOptimized("Age");
    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized(CacheStatus.NAME);

    private final HttpCache cache;
    private final InstantSource clock;

    ApiCache(HttpCache cache, InstantSource clock) {
        this.cache = cache;
        this.clock = clock;
    }

    /** A call that may be answered by what is kept. */
    private record Asked(EdgeCall call, CacheRequest request, CachePolicy policy) {}

    /** Answers a call, or hands it on. */
    void pass(EdgeCall call, Consumer<EdgeCall> next) {
        Optional<CacheRule> rule = call.api().orElseThrow().operation().cache();
        Exchange exchange = call.exchange();
        if (rule.isEmpty()) {
            if (!SAFE.contains(exchange.request().method())) {
                forgetAfter(call);
            }
            next.accept(call);
        } else if (exchange.hasNoBody()) {
            look(call, rule.get(), false, next);
        } else {
            exchange.gatherWhole(
                    call.version().task().limits().requestBody(),
                    body -> look(call, rule.get(), body.head().length() > 0, next));
        }
    }

    /** What changes something at a path, makes what is kept of the path untrue (RFC 9111, 4.4). */
    private void forgetAfter(EdgeCall call) {
        Exchange exchange = call.exchange();
        exchange.whenFinished(
                () -> {
                    if (exchange.response().getStatusCode() < LEAST_ERROR) {
                        forget(call, revision(call));
                        forget(call, space(call));
                    }
                });
    }

    private void forget(EdgeCall call, String space) {
        cache.invalidate(request(call, space, false, false), clock.millis());
    }

    private void look(EdgeCall call, CacheRule rule, boolean hasBody, Consumer<EdgeCall> next) {
        boolean hasCookie = call.exchange().request().headers().contains(HttpHeaders.COOKIE);
        boolean keyed = call.caller() instanceof Caller.Keyed;
        CachePolicy policy =
                new CachePolicy(
                        rule.maxAge(),
                        rule.staleWhileRevalidate(),
                        rule.staleIfError(),
                        rule.authenticated() && keyed);
        Asked asked =
                new Asked(call, request(call, space(call), keyed || hasCookie, hasBody), policy);
        switch (cache.lookup(asked.request(), policy, clock.millis())) {
            case Lookup.Fresh(StoredAnswer answer, Duration age, Duration ttl) ->
                    serve(asked, answer, age, CacheStatus.hit(ttl));
            case Lookup.Stale stale when stale.whileRevalidating() ->
                    serveStale(asked, stale, next);
            case Lookup.Stale stale -> ask(asked, Forward.STALE, Optional.of(stale), next);
            case Lookup.Miss(Forward why) -> ask(asked, why, Optional.empty(), next);
            case Lookup.Bypass(Forward why) -> {
                mark(call.exchange(), CacheStatus.forwarded(why, OptionalInt.empty(), false));
                next.accept(call);
            }
            case Lookup.Unsatisfiable _ -> {
                mark(call.exchange(), CacheStatus.unsatisfiable());
                call.exchange().refuse(ErrorCode.NOT_CACHED);
            }
        }
    }

    private static void mark(Exchange exchange, String status) {
        exchange.response().headers().set(CACHE_STATUS, status);
    }

    private static CacheRequest request(
            EdgeCall call, String space, boolean authenticated, boolean hasBody) {
        HttpServerRequest request = call.exchange().request();
        return new CacheRequest(
                space,
                request.method().name(),
                call.origin().scheme(),
                call.origin().authority(),
                request.uri(),
                request.headers()::getAll,
                authenticated,
                hasBody);
    }

    /**
     * What keeps apart: the API's revision, whatever version of a task answers, so that a bad one
     * is covered by what the one before it answered; and who calls, of what is kept for those with
     * keys.
     */
    private static String space(EdgeCall call) {
        String revision = revision(call);
        return call.caller() instanceof Caller.Keyed keyed
                ? revision + " " + keyed.account()
                : revision;
    }

    private static String revision(EdgeCall call) {
        return call.api().orElseThrow().revision();
    }

    private void ask(
            Asked asked, Forward why, Optional<Lookup.Stale> stale, Consumer<EdgeCall> next) {
        Exchange exchange = asked.call().exchange();
        KeptAnswer kept =
                new KeptAnswer(
                        cache, asked.request(), asked.policy(), varying(asked), why, stale, clock);
        exchange.answerThrough(response -> new KeepingResponse(response, kept));
        exchange.whenFinished(kept::over);
        next.accept(asked.call());
    }

    /** What the route takes from headers of requests, which its task need not know. */
    private static List<String> varying(Asked asked) {
        return asked.call().api().orElseThrow().operation().parameters().values().stream()
                .flatMap(
                        source ->
                                source instanceof ParameterSource.OfHeader(String name)
                                        ? Stream.of(name)
                                        : Stream.empty())
                .distinct()
                .toList();
    }

    private void serveStale(Asked asked, Lookup.Stale stale, Consumer<EdgeCall> next) {
        Exchange exchange = asked.call().exchange();
        Optional<Exchange> aside =
                stale.yours()
                        ? Optional.of(exchange.aside(new QuietResponse(exchange.response())))
                        : Optional.empty();
        serve(asked, stale.answer(), stale.age(), CacheStatus.hit(stale.ttl()));
        aside.ifPresent(
                other -> {
                    other.bring(Buffer.buffer());
                    ask(
                            new Asked(asked.call().on(other), asked.request(), asked.policy()),
                            Forward.STALE,
                            Optional.empty(),
                            next);
                });
    }

    private static void serve(Asked asked, StoredAnswer answer, Duration age, String status) {
        Exchange exchange = asked.call().exchange();
        boolean isKnown = answer.isNotModified(asked.request().headers());
        putHead(exchange.response().headers(), answer, age, status);
        if (isKnown) {
            exchange.response().headers().remove(HttpHeaders.CONTENT_LENGTH);
            exchange.response().setStatusCode(NOT_MODIFIED).end();
            return;
        }
        exchange.response().setStatusCode(answer.status());
        if (exchange.request().method().equals(HttpMethod.HEAD)) {
            String length = Integer.toString(answer.length());
            exchange.response().headers().set(HttpHeaders.CONTENT_LENGTH, length);
            exchange.response().end();
        } else {
            exchange.end(ServedAnswer.of(answer).body());
        }
    }

    static void putHead(MultiMap headers, StoredAnswer answer, Duration age, String status) {
        ServedAnswer.of(answer).putOn(headers);
        headers.set(AGE, Long.toString(age.toSeconds()));
        headers.set(CACHE_STATUS, status);
    }
}
