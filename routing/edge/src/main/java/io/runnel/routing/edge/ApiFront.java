package io.runnel.routing.edge;

import io.runnel.exec.http.EdgeTarget;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.Qualifier;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.CorsRule;
import io.runnel.routing.api.Operation;
import io.runnel.routing.api.RouteMatch;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.placement.AccessRequest;
import io.runnel.routing.placement.ApiAccess;
import io.runnel.routing.placement.ApiDecision;
import io.runnel.routing.placement.CalledRoute;
import io.runnel.routing.placement.Proof;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Finds what calls by routes of APIs lead to. For any event loop; never blocks. */
final class ApiFront {
    private final ApiAccess access;
    private final ApiLibrary library;
    private final KnownRoutes known = new KnownRoutes();

    /**
     * A way in.
     *
     * @param library where documents are read
     */
    ApiFront(ApiAccess access, ApiLibrary library) {
        this.access = access;
        this.library = library;
    }

    /**
     * What a call leads to.
     *
     * @param target as it was called
     * @param named which of its stages or revisions: never none
     * @param revision of the API, as its key; empty if there is no such API or stage
     * @param route its API is empty if there is none, or none that is understood here
     */
    record Found(
            EdgeTarget.ApiCall target,
            Qualifier named,
            String revision,
            RouteMatch match,
            CalledRoute route) {
        private static final RouteMatch NOTHING = new RouteMatch.None();

        static Found none(EdgeTarget.ApiCall target) {
            CalledRoute nowhere = new CalledRoute(Optional.empty(), Optional.empty());
            return new Found(target, stage(target), "", NOTHING, nowhere);
        }

        static Found of(EdgeTarget.ApiCall target, String revision, Api api, String method) {
            String path = target.rest().isEmpty() ? "/" : target.rest();
            RouteMatch match = api.routes().find(method, path);
            Optional<Operation> operation =
                    match instanceof RouteMatch.Found found
                            ? Optional.of(found.operation())
                            : Optional.empty();
            CalledRoute route = new CalledRoute(Optional.of(api), operation);
            return new Found(target, stage(target), revision, match, route);
        }

        private static Qualifier stage(EdgeTarget.ApiCall target) {
            return target.named().equals(Qualifier.NONE) ? ApiAccess.LIVE : target.named();
        }

        Optional<Operation> operation() {
            return route.operation();
        }

        /** Which methods there are at the path. */
        SortedSet<String> methods() {
            return switch (match) {
                case RouteMatch.Found(Operation operation, var _) ->
                        new TreeSet<>(Collections.singleton(operation.method()));
                case RouteMatch.OtherMethod(SortedSet<String> allowed) -> allowed;
                case RouteMatch.None _ -> Collections.emptySortedSet();
            };
        }

        ApiCall call(ApiDecision.Called called) {
            RouteMatch.Found found = (RouteMatch.Found) match;
            return new ApiCall(
                    target.api(),
                    named.version() > 0 ? Integer.toString(named.version()) : named.alias(),
                    revision,
                    found.operation(),
                    found.parameters(),
                    called.member());
        }
    }

    /**
     * Finds the route, then goes on, at once or later. A browser that asks what a page of another
     * origin may send is answered here: it shows nobody's key.
     */
    void find(Incoming in, Catalog now, EdgeTarget.ApiCall target, Consumer<Found> then) {
        Exchange exchange = in.exchange();
        HttpServerRequest request = exchange.request();
        String method = request.method().name();
        String asked = method + " " + in.origin().host() + request.path();
        Optional<Found> before = known.find(now, asked);
        if (before.isPresent()) {
            found(in, before.get(), then);
            return;
        }
        Optional<ApiRevisionRecord> revision = revision(now, target);
        if (revision.isEmpty()) {
            then.accept(Found.none(target));
            return;
        }
        library.find(
                revision.get(),
                exchange,
                entry -> {
                    if (entry.api().isEmpty()) {
                        then.accept(Found.none(target));
                        return;
                    }
                    Found found = Found.of(target, entry.key(), entry.api().get(), method);
                    if (found.operation().isPresent()) {
                        known.keep(now, asked, found);
                    }
                    found(in, found, then);
                });
    }

    private static void found(Incoming in, Found found, Consumer<Found> then) {
        Optional<CorsRule> cors = found.route().api().flatMap(Api::cors);
        if (in.forwarded() || cors.isEmpty()) {
            then.accept(found);
            return;
        }
        Exchange exchange = in.exchange();
        if (CrossOrigin.isPreflight(exchange.request()) && found.operation().isEmpty()) {
            CrossOrigin.answer(exchange, cors.get(), found.methods());
        } else {
            CrossOrigin.mark(exchange, cors.get());
            then.accept(found);
        }
    }

    private static Optional<ApiRevisionRecord> revision(Catalog now, EdgeTarget.ApiCall target) {
        var its = now.apis(target.api().account());
        return its.api(target.api().name())
                .map(Stamped::value)
                .flatMap((ApiRecord api) -> api.revision(target.named()))
                .flatMap(number -> its.revision(target.api().name(), number));
    }

    /** Whether the caller that was proved may make the call now. */
    ApiDecision decide(
            Catalog now,
            Contacts contacts,
            long nowNanos,
            Proof proof,
            AccessRequest asked,
            Found found) {
        return access.decide(now, contacts, nowNanos, proof, asked, found.route());
    }

    /** Refuses a call for which there is no route. */
    void refuse(Exchange exchange, Found found) {
        SortedSet<String> methods = found.methods();
        if (methods.isEmpty()) {
            exchange.refuse(
                    Problem.of(ErrorCode.NOT_FOUND).withDetail("The API has no such route."));
        } else {
            exchange.response().headers().set(HttpHeaders.ALLOW, String.join(", ", methods));
            exchange.refuse(ErrorCode.METHOD_NOT_ALLOWED);
        }
    }
}
