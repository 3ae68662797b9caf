package io.runnel.routing.edge;

import io.runnel.exec.http.EdgePath;
import io.runnel.exec.http.EdgeTarget;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.ErrorShape;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.FunctionName;
import io.runnel.exec.http.InvocationType;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantRecord.Placement;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.EdgeCall.Form;
import io.runnel.routing.placement.Access;
import io.runnel.routing.placement.AccessDecision;
import io.runnel.routing.placement.AccessDecision.Why;
import io.runnel.routing.placement.AccessRequest;
import io.runnel.routing.placement.ApiAccess;
import io.runnel.routing.placement.ApiDecision;
import io.runnel.routing.placement.CallParameters;
import io.runnel.routing.placement.Proof;
import io.vertx.core.http.HttpHeaders;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decodes what comes to the edge, proves who calls and whether that is allowed, and hands on what
 * is; answers everything else. Reads one snapshot of the catalog for each call. Safe for any event
 * loop; never blocks.
 */
public final class EdgeFront {
    /** What a call may take besides its task's own time: waiting for a slot, and the way. */
    private static final Duration BESIDES = Duration.ofSeconds(5);

    private static final int NO_CONTENT = 204;
    private static final String KEY_SET = "application/jwk-set+json";

    /** No longer than it takes others to hear that a node was revoked. */
    private static final String KEYS_FRESH = "max-age=10";

    private final CatalogHolder catalog;
    private final Access access;
    private final ApiFront apis;
    private final Function<String, Optional<TaskRef>> hosts;
    private final ShownProofs proofs;
    private final CallerGate gate;
    private final Consumer<AccessNote> witness;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Supplier<Ready> ready;
    private final Supplier<String> keys;
    private final Consumer<EdgeCall> calls;

    /** What {@code /_runnel/ready} says. */
    public enum Ready {
        /** Calls are welcome. */
        YES(200, "ready\n"),
        /** It knows no task yet. */
        NOT_YET(503, "not ready\n"),
        /** It answers what comes, and wants no more. */
        DRAINING(503, "draining\n");

        private final int status;
        private final String text;

        Ready(int status, String text) {
            this.status = status;
            this.text = text;
        }
    }

    /**
     * A way in.
     *
     * @param library the documents of APIs that are called
     * @param hosts the API whose name a host is, if it is one
     * @param signed checks what callers signed
     * @param witness takes note of who was denied what, and of some that was allowed; never blocks
     * @param gate asks callers who they are, where somebody wants to know
     * @param ready what {@code /_runnel/ready} says
     * @param keys the public keys that the node signs JWTs with, as a key set (RFC 7517)
     * @param calls takes the calls that may be made, on their event loop
     */
    public EdgeFront(
            CatalogHolder catalog,
            Access access,
            ApiLibrary library,
            Function<String, Optional<TaskRef>> hosts,
            Consumer<AccessNote> witness,
            SignedCalls signed,
            CallerGate gate,
            InstantSource clock,
            LongSupplier nanoClock,
            Supplier<Ready> ready,
            Supplier<String> keys,
            Consumer<EdgeCall> calls) {
        this.catalog = catalog;
        this.access = access;
        this.apis = new ApiFront(new ApiAccess(access), library);
        this.hosts = hosts;
        this.proofs = new ShownProofs(signed);
        this.gate = gate;
        this.clock = clock;
        this.witness = witness;
        this.nanoClock = nanoClock;
        this.ready = ready;
        this.keys = keys;
        this.calls = calls;
    }

    /** A call from a user; what it says about itself by {@code Runnel-*} headers is not read. */
    public void handle(Exchange exchange) {
        handle(exchange, false);
    }

    /** A call that another node of ours forwards. */
    public void handleForwarded(Exchange exchange) {
        ForwardedCall.adopt(exchange);
        handle(exchange, true);
    }

    /**
     * An event that was kept, to be run now. Whether its caller may is decided anew; what the task
     * asks of its callers was asked when it was accepted.
     */
    public void handleKept(Exchange exchange, KeptCall kept) {
        exchange.shape(ErrorShape.LAMBDA);
        exchange.adopt(kept.id());
        exchange.bring(kept.payload());
        Origin here = Origin.of(exchange.request());
        Origin origin = new Origin(kept.source(), here.host(), here.port(), here.scheme());
        Incoming in = new Incoming(exchange, false, origin, Form.KEPT, false, "");
        AccessRequest asked = request(in, kept.task(), kept.named());
        authorize(in, catalog.current(), kept.proof(), asked);
    }

    private void handle(Exchange exchange, boolean forwarded) {
        Origin origin = Incoming.origin(exchange, forwarded);
        switch (target(exchange, origin)) {
            case EdgeTarget.TaskCall(TaskRef task, Qualifier named, String rest) ->
                    task(Incoming.of(exchange, forwarded, origin, rest), task, named);
            case EdgeTarget.ApiCall api ->
                    api(Incoming.of(exchange, forwarded, origin, api.rest()), api);
            case EdgeTarget.Invoke(FunctionName function) ->
                    invoke(exchange, forwarded, function, Form.INVOKE);
            case EdgeTarget.InvokeStream(FunctionName function) ->
                    invoke(exchange, forwarded, function, Form.STREAM);
            case EdgeTarget.Health _ -> exchange.response().setStatusCode(200).end("ok\n");
            case EdgeTarget.Ready _ -> ready(exchange);
            case EdgeTarget.Keys _ -> keys(exchange);
            case EdgeTarget.Nonce _ -> nonce(exchange);
            case EdgeTarget.Unknown _ -> exchange.refuse(ErrorCode.NOT_FOUND);
            case EdgeTarget.Malformed _ -> exchange.refuse(ErrorCode.BAD_REQUEST);
            case EdgeTarget.TooLong _ -> exchange.refuse(ErrorCode.URI_TOO_LONG);
        }
    }

    /** By its path; or by its host, if that is an API's. */
    private EdgeTarget target(Exchange exchange, Origin origin) {
        var request = exchange.request();
        EdgeTarget byPath = EdgePath.parse(request.method(), request.path());
        Optional<TaskRef> api = hosts.apply(origin.host());
        return api.isEmpty() ? byPath : EdgePath.ofHost(api.get(), request.path(), byPath);
    }

    private void ready(Exchange exchange) {
        Ready now = ready.get();
        exchange.response().setStatusCode(now.status).end(now.text);
    }

    private void keys(Exchange exchange) {
        exchange.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, KEY_SET)
                .putHeader(HttpHeaders.CACHE_CONTROL, KEYS_FRESH)
                .end(keys.get());
    }

    private void nonce(Exchange exchange) {
        exchange.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(gate.nonce() + "\n");
    }

    private void task(Incoming in, TaskRef ref, Qualifier named) {
        Catalog now = catalog.current();
        prove(in, now, proof -> authorize(in, now, proof, request(in, ref, named)));
    }

    private void api(Incoming in, EdgeTarget.ApiCall target) {
        Catalog now = catalog.current();
        apis.find(in, now, target, found -> prove(in, now, proof -> api(in, now, proof, found)));
    }

    private void api(Incoming in, Catalog now, Proof proof, ApiFront.Found found) {
        AccessRequest asked = request(in, found.target().api(), found.named());
        long nowNanos = nanoClock.getAsLong();
        switch (apis.decide(now, catalog.contacts(), nowNanos, proof, asked, found)) {
            case ApiDecision.Called called ->
                    hand(in, proof, asked, called.allowed(), Optional.of(found.call(called)));
            case ApiDecision.Refused(AccessDecision decision) ->
                    decided(in, proof, asked, decision);
            case ApiDecision.NoRoute _ -> apis.refuse(in.exchange(), found);
        }
    }

    private AccessRequest request(Incoming in, TaskRef ref, Qualifier named) {
        Exchange exchange = in.exchange();
        return new AccessRequest(
                ref,
                named,
                exchange.request().method().name(),
                in.origin().client(),
                clock.millis(),
                header ->
                        header.map(exchange.request()::getHeader)
                                .orElseGet(() -> exchange.id().value()));
    }

    private void invoke(Exchange exchange, boolean forwarded, FunctionName function, Form form) {
        exchange.shape(ErrorShape.LAMBDA);
        Catalog now = catalog.current();
        boolean streams = form == Form.STREAM;
        Optional<InvocationType> type =
                InvocationType.of(exchange.request())
                        .filter(said -> !streams || said != InvocationType.EVENT);
        Optional<Optional<String>> qualifier = qualifier(exchange, function);
        if (type.isEmpty()) {
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail(
                                    InvocationType.HEADER
                                            + (streams
                                                    ? " must be RequestResponse or DryRun."
                                                    : " must be RequestResponse, Event or"
                                                            + " DryRun.")));
        } else if (qualifier.isEmpty()) {
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail(
                                    "The query is not well encoded, or names another qualifier than"
                                            + " the path."));
        } else {
            Incoming in = Incoming.ofInvoke(exchange, forwarded, form, type.get());
            prove(in, now, proof -> invoke(in, now, function, qualifier.get(), proof));
        }
    }

    /** What its name or its query says; empty if they differ, or the query cannot be read. */
    private static Optional<Optional<String>> qualifier(Exchange exchange, FunctionName function) {
        Optional<String> asked;
        try {
            asked =
                    Optional.ofNullable(exchange.request().getParam("Qualifier"))
                            .filter(text -> !text.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean differs =
                asked.isPresent()
                        && function.qualifier().isPresent()
                        && !asked.equals(function.qualifier());
        return differs ? Optional.empty() : Optional.of(asked.or(function::qualifier));
    }

    private void invoke(
            Incoming in,
            Catalog now,
            FunctionName function,
            Optional<String> qualifier,
            Proof proof) {
        Optional<AccountId> account = function.account().or(() -> accountOf(proof));
        if (account.isEmpty()) {
            proofs.refuse(in.exchange(), proof);
            return;
        }
        TaskRef ref = new TaskRef(account.get(), function.task());
        Optional<Qualifier> named = named(qualifier);
        if (named.isEmpty() && !(proof instanceof Proof.Bad)) {
            in.exchange().refuse(ErrorCode.TASK_NOT_FOUND);
            return;
        }
        authorize(in, now, proof, request(in, ref, named.orElse(Qualifier.NONE)));
    }

    /** Which version a qualifier names; empty if it can name none. */
    private static Optional<Qualifier> named(Optional<String> qualifier) {
        return qualifier.isEmpty() || qualifier.get().equals("$LATEST")
                ? Optional.of(Qualifier.NONE)
                : Qualifier.parse(qualifier.get());
    }

    private void authorize(Incoming in, Catalog now, Proof proof, AccessRequest asked) {
        decided(
                in,
                proof,
                asked,
                access.decide(now, catalog.contacts(), nanoClock.getAsLong(), proof, asked));
    }

    private void decided(Incoming in, Proof proof, AccessRequest asked, AccessDecision decision) {
        switch (decision) {
            case AccessDecision.Allowed allowed ->
                    hand(in, proof, asked, allowed, Optional.empty());
            case AccessDecision.Denied(Why why) ->
                    deny(
                            in,
                            AccessNote.of(in.exchange().id(), false, why.label(), proof, asked),
                            Problem.of(ErrorCode.ACCESS_DENIED).withDetail(why.sentence()));
            case AccessDecision.NotFound _ ->
                    deny(in, proof, asked, "not-found", ErrorCode.TASK_NOT_FOUND);
            case AccessDecision.Unauthenticated _ -> {
                witness.accept(
                        AccessNote.of(in.exchange().id(), false, "bad-credentials", proof, asked));
                proofs.refuse(in.exchange(), proof);
            }
            case AccessDecision.TooStale _ ->
                    deny(in, proof, asked, "too-stale", ErrorCode.REGION_UNREACHABLE);
        }
    }

    private void deny(
            Incoming in, Proof proof, AccessRequest asked, String reason, ErrorCode code) {
        deny(in, AccessNote.of(in.exchange().id(), false, reason, proof, asked), Problem.of(code));
    }

    private void deny(Incoming in, AccessNote note, Problem problem) {
        witness.accept(note);
        in.exchange().refuse(problem);
    }

    private void prove(Incoming in, Catalog now, Consumer<Proof> then) {
        proofs.prove(in.exchange(), in.origin(), now, then);
    }

    private static Optional<AccountId> accountOf(Proof proof) {
        return switch (proof) {
            case Proof.Proved(Caller.Keyed keyed) -> Optional.of(keyed.account());
            case Proof.Proved(Caller.Anonymous _) -> Optional.empty();
            case Proof.Owner _, Proof.Bad _ -> Optional.empty();
        };
    }

    private void hand(
            Incoming in,
            Proof proof,
            AccessRequest asked,
            AccessDecision.Allowed allowed,
            Optional<ApiCall> api) {
        Exchange exchange = in.exchange();
        VersionRecord version = placed(allowed, api);
        if (in.form() != Form.TASK && version.task().handler() != HandlerKind.EVENT) {
            exchange.refuse(
                    Problem.of(ErrorCode.UNSUPPORTED_HANDLER)
                            .withDetail("The task has the handler http: call it by /fn."));
            return;
        }
        if (in.dryRun()) {
            exchange.response().setStatusCode(NO_CONTENT).end();
            return;
        }
        Optional<CallParameters> parameters =
                api.isEmpty()
                        ? Optional.of(allowed.parameters())
                        : RouteParameters.of(exchange.request(), api.get())
                                .map(allowed.parameters()::over);
        if (parameters.isEmpty()) {
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST).withDetail("The query is not well encoded."));
            return;
        }
        long latest = exchange.arrivedNanos() + most(version, api).toNanos();
        EdgeCall call =
                new EdgeCall(
                        exchange,
                        asked,
                        version,
                        allowed.task().concurrent(),
                        allowed.canary(),
                        allowed.caller(),
                        allowed.grant(),
                        allowed.stale(),
                        in.form(),
                        in.forwarded(),
                        in.origin(),
                        in.rest(),
                        parameters.get(),
                        allowed.by(),
                        api,
                        in.forwarded() ? ForwardedCall.deadlineNanos(exchange, latest) : latest);
        Runnable pass =
                () -> {
                    if (AccessNote.isSampled(exchange.id())) {
                        String by = reason(allowed);
                        witness.accept(AccessNote.of(exchange.id(), true, by, proof, asked));
                    }
                    calls.accept(call);
                };
        if (in.form() == Form.KEPT) {
            pass.run();
            return;
        }
        gate.pass(
                exchange,
                in.forwarded(),
                version.task(),
                pass,
                () ->
                        witness.accept(
                                AccessNote.of(
                                        exchange.id(), false, "caller-rejected", proof, asked)));
    }

    /** How long it may take. */
    private static Duration most(VersionRecord version, Optional<ApiCall> api) {
        Duration most = version.task().limits().timeout().plus(BESIDES);
        return api.flatMap(by -> by.operation().timeout())
                .filter(by -> by.compareTo(most) < 0)
                .orElse(most);
    }

    /** By what it is allowed. */
    private static String reason(AccessDecision.Allowed allowed) {
        return allowed.grant()
                .map(grant -> "grant:" + grant.id())
                .orElse(allowed.task().everyone() ? "everyone" : "owner");
    }

    /** What another account's call is to leave nothing in, keeps nothing from it. */
    private static VersionRecord placed(AccessDecision.Allowed allowed, Optional<ApiCall> api) {
        VersionRecord version = allowed.version();
        boolean leavesNothing =
                version.task().reuse() == Reuse.KEPT
                        && (isAtOwners(allowed.grant())
                                || isAtOwners(api.flatMap(ApiCall::member)));
        return leavesNothing ? version.startingFresh() : version;
    }

    private static boolean isAtOwners(Optional<GrantRecord> grant) {
        return grant.isPresent() && grant.get().placement() == Placement.OWNER;
    }
}
