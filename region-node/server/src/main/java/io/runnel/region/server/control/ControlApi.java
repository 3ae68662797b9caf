package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.ErrorShape;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.LambdaControl;
import io.runnel.exec.http.Origin;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CredentialFlaw;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.edge.ForwardedCall;
import io.runnel.routing.placement.Proof;
import io.runnel.topology.Region;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The control API of one region's node: finds the route, proves the caller, hands over what belongs
 * to another region, reads the body, does it, answers. {@link #handle} and {@link #handleRelayed}
 * are for the request's event loop, before anything of its body was read, and do not block; what
 * blocks is done by workers of its own.
 */
public final class ControlApi implements AutoCloseable {
    /** How long a relayed request waits for its account's record, which may still be on its way. */
    private static final int RELAYED_TRIES = 40;

    /** How long a write waits for another region's word after the node's start: 15 s. */
    private static final int CONFIRMED_TRIES = 300;

    private static final long RELAYED_PAUSE_MS = 50;
    private static final String BASE = "/v1";

    private final ControlSettings settings;
    private final ControlWorkers workers = new ControlWorkers();
    private final ControlCallers callers;
    private final RequestFiles files;
    private final OperationRunner runner;
    private final LogOperations logs;
    private final Routes routes;
    private final Routes lambda;

    /**
     * Starts the workers and empties the folder of uploads. Blocks.
     *
     * @throws java.io.UncheckedIOException if the folder of uploads cannot be used
     */
    public ControlApi(ControlSettings settings) {
        this.settings = settings;
        Writes writes = new Writes(settings.store(), settings.seal());
        this.callers = new ControlCallers(settings);
        this.files = new RequestFiles(settings.vertx(), settings.uploads());
        this.runner = new OperationRunner(settings.companions(), writes, files, settings.disk());
        this.logs = new LogOperations(settings);
        BlobOwners owners = new BlobOwners();
        TaskOperations tasks = new TaskOperations(settings, writes);
        GrantOperations grants = new GrantOperations(settings, writes);
        EventRuleOperations events = new EventRuleOperations(writes);
        AliasOperations aliases = new AliasOperations(settings, writes);
        BlobOperations blobs = new BlobOperations(settings, owners, workers.disk());
        Publishing publishing = new Publishing(settings, writes, owners, tasks, workers.checks());
        this.lambda =
                FunctionRoutes.of(
                        settings,
                        tasks,
                        grants,
                        aliases,
                        events,
                        blobs,
                        publishing,
                        workers.disk());
        this.routes =
                Routes.of(
                        new AccountOperations(settings, writes),
                        new AccountMoves(settings, writes),
                        tasks,
                        events,
                        grants,
                        new AgreementOperations(writes),
                        aliases,
                        new CallerAliasOperations(settings, writes),
                        new ScheduleOperations(settings, writes),
                        new ApiOperations(settings, writes),
                        new ApiPages(settings),
                        new TrustOperations(settings, writes, workers.tokens()),
                        new UsageOperations(settings),
                        publishing,
                        blobs,
                        logs,
                        new NetworkOperations(settings),
                        new AuthorityOperations(settings),
                        new DocumentOperations(settings),
                        new OpenApi());
    }

    /** Whether a path is of the control API. */
    public static boolean handles(String path) {
        return path.equals(BASE) || path.startsWith(BASE + "/");
    }

    /** Ends the readers who follow a log, each within its next step, and those who come later. */
    public void endFollowers() {
        logs.close();
    }

    Routes routes() {
        return routes;
    }

    /** Answers a user's request. */
    public void handle(Exchange exchange) {
        begin(Arrival.of(exchange, false, Origin.of(exchange.request())));
    }

    /** Answers a request that another region relayed; it is not relayed again. */
    public void handleRelayed(Exchange exchange) {
        begin(Arrival.of(exchange, true, ForwardedCall.origin(exchange)));
    }

    /** Answers a user's request that a POP forwards. */
    public void handleForwarded(Exchange exchange) {
        begin(Arrival.of(exchange, false, ForwardedCall.origin(exchange)));
    }

    private void begin(Arrival arrival) {
        Exchange exchange = arrival.exchange();
        if (LambdaControl.handles(Objects.requireNonNullElse(exchange.request().path(), ""))) {
            exchange.shape(ErrorShape.LAMBDA);
        }
        guarded(exchange, () -> handle(arrival, find(exchange), RELAYED_TRIES, CONFIRMED_TRIES));
    }

    private static void guarded(Exchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            exchange.refuse(Failures.problem(e));
        }
    }

    private void handle(Arrival arrival, Routes.Found found, int triesLeft, int unconfirmedLeft) {
        Exchange exchange = arrival.exchange();
        if (arrival.proved().isEmpty() && found.route().who() != Route.Who.ANYONE) {
            Catalog now = settings.catalog().get();
            switch (callers.claim(found.route(), exchange.request(), now)) {
                case ControlCallers.Claim.Signed signed -> {
                    checkSignature(arrival, found, signed);
                    return;
                }
                case ControlCallers.Claim.Proved(Caller.Keyed keyed) -> {
                    callers.admit(found.route(), now, keyed);
                    handle(arrival.by(keyed), found, triesLeft, unconfirmedLeft);
                    return;
                }
            }
        }
        Call call = call(arrival, found);
        boolean mayComeYet = arrival.relayed() && triesLeft > 0 && isUnknown(call);
        if (mayComeYet) {
            later(exchange, () -> handle(arrival, found, triesLeft - 1, unconfirmedLeft));
            return;
        }
        requireAllowed(found.route(), call);
        ControlCallers.requireTask(found.route().scope(), call);
        RegionId place = place(found.route(), call);
        if (!place.equals(settings.region())) {
            relay(arrival, place);
            return;
        }
        if (needsConfirmation(found.route()) && !settings.companions().isConfirmed()) {
            if (unconfirmedLeft == 0) {
                throw notConfirmed();
            }
            later(exchange, () -> handle(arrival, found, triesLeft, unconfirmedLeft - 1));
            return;
        }
        requireAtRest(found.route(), call);
        runner.run(found.route(), call);
    }

    private void relay(Arrival arrival, RegionId to) {
        if (arrival.relayed()) {
            throw new RefusedException(ControlError.NOT_HOME);
        }
        settings.relay().relay(arrival.exchange(), to, arrival.origin());
    }

    /**
     * What was signed is checked where it is done, for it is checked with the body; whom it is
     * about is whose key it names.
     */
    private void checkSignature(
            Arrival arrival, Routes.Found found, ControlCallers.Claim.Signed claim) {
        RegionId home = callers.home(settings.catalog().get(), claim.facts().account());
        if (!home.equals(settings.region())) {
            relay(arrival, home);
        } else if (found.route().body() == Route.Body.FILE) {
            files.receive(arrival.exchange(), claim.facts().account())
                    .whenComplete(
                            (received, failure) ->
                                    arrival.exchange()
                                            .onLoop(
                                                    () ->
                                                            checkFile(
                                                                    arrival, found, claim, received,
                                                                    failure)));
        } else {
            settings.signed()
                    .prove(
                            arrival.exchange(),
                            arrival.origin(),
                            claim.signature(),
                            claim.facts(),
                            proof -> proved(arrival, found, proof));
        }
    }

    private void checkFile(
            Arrival arrival,
            Routes.Found found,
            ControlCallers.Claim.Signed claim,
            RequestFiles.Received received,
            Throwable failure) {
        if (failure != null) {
            arrival.exchange().refuse(Failures.problem(failure));
            return;
        }
        settings.signed()
                .proveOf(
                        arrival.exchange(),
                        arrival.origin(),
                        claim.signature(),
                        claim.facts(),
                        received.digest().value(),
                        proof -> proved(arrival.with(received.file()), found, proof));
    }

    private void proved(Arrival arrival, Routes.Found found, Proof proof) {
        switch (proof) {
            case Proof.Bad(CredentialFlaw flaw) ->
                    settings.signed().refuse(arrival.exchange(), flaw);
            case Proof.Owner _, Proof.Proved(Caller.Anonymous _) ->
                    throw new IllegalStateException("a signature proves whose key made it");
            case Proof.Proved(Caller.Keyed keyed) ->
                    guarded(
                            arrival.exchange(),
                            () -> {
                                callers.admit(found.route(), settings.catalog().get(), keyed);
                                handle(arrival.by(keyed), found, RELAYED_TRIES, CONFIRMED_TRIES);
                            });
        }
    }

    private void later(Exchange exchange, Runnable again) {
        exchange.request().pause();
        settings.vertx().setTimer(RELAYED_PAUSE_MS, tick -> guarded(exchange, again));
    }

    /**
     * A region that was away may have lost its accounts meanwhile, and must have heard of that
     * before it writes for them.
     */
    private static boolean needsConfirmation(Route route) {
        return route.isWrite() && route.where() != Route.Where.NAMED;
    }

    private RefusedException notConfirmed() {
        return new RefusedException(
                ControlError.NOT_CONFIRMED,
                ("no other region has answered %s since this node started: accounts may have been"
                     + " moved meanwhile. Take regions that are gone out of the topology")
                        .formatted(settings.region()));
    }

    private static void requireAtRest(Route route, Call call) {
        if (route.isWrite() && route.where() == Route.Where.HOME) {
            call.catalog()
                    .account(call.account())
                    .filter(account -> account.leaving().isPresent())
                    .ifPresent(
                            account -> {
                                throw AccountMoves.onItsWay(account);
                            });
        }
    }

    private Routes.Found find(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        requireReadableQuery(request);
        String path = Optional.ofNullable(request.path()).orElse("");
        List<Routes.Found> candidates = (handles(path) ? routes : lambda).at(path);
        if (candidates.isEmpty()) {
            throw new RefusedException(ErrorCode.NOT_FOUND);
        }
        return candidates.stream()
                .filter(found -> found.route().method().equals(request.method()))
                .findFirst()
                .orElseThrow(() -> methodNotAllowed(request.response(), candidates));
    }

    /** Parameters are decoded when they are first asked for. */
    private static void requireReadableQuery(HttpServerRequest request) {
        try {
            request.params();
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("query", "is not well encoded");
        }
    }

    private static RefusedException methodNotAllowed(
            HttpServerResponse response, List<Routes.Found> candidates) {
        response.putHeader(
                HttpHeaders.ALLOW,
                String.join(
                        ", ", candidates.stream().map(c -> c.route().method().name()).toList()));
        return new RefusedException(ErrorCode.METHOD_NOT_ALLOWED);
    }

    private Call call(Arrival arrival, Routes.Found found) {
        Catalog catalog = settings.catalog().get();
        Optional<Caller.Keyed> proved = arrival.proved();
        AccountId caller = proved.map(Caller.Keyed::account).orElse(new AccountId("anyone"));
        boolean admin =
                proved.flatMap(p -> catalog.account(p.account()))
                        .map(AccountRecord::admin)
                        .orElse(false);
        Map<String, String> values =
                found.route().isLambda()
                        ? FunctionPath.values(found.values(), caller)
                        : found.values();
        return new Call(
                arrival,
                values,
                caller,
                proved.map(Caller.Keyed::keyId).orElse(""),
                admin,
                account(arrival.exchange().request(), values, caller, admin),
                catalog,
                JsonBody.read(Buffer.buffer()),
                Optional.empty(),
                Map.of());
    }

    /** Whom it is about. To who may not know, another's account is like one that is not there. */
    private static AccountId account(
            HttpServerRequest request,
            Map<String, String> values,
            AccountId caller,
            boolean admin) {
        String named =
                Optional.ofNullable(values.get("account"))
                        .or(() -> Optional.ofNullable(request.getParam("account")))
                        .orElse(caller.value());
        boolean mayKnow = named.equals(caller.value()) || (admin && AccountId.isValid(named));
        if (!mayKnow) {
            throw new RefusedException(ControlError.ACCOUNT_NOT_FOUND);
        }
        return new AccountId(named);
    }

    private static boolean isUnknown(Call call) {
        return call.catalog().account(call.account()).isEmpty();
    }

    private static void requireAllowed(Route route, Call call) {
        switch (route.who()) {
            case ANYONE -> {}
            case KEY -> {
                if (isUnknown(call)) {
                    throw new RefusedException(ControlError.ACCOUNT_NOT_FOUND);
                }
            }
            case ADMIN -> {
                if (!call.admin()) {
                    throw new RefusedException(ErrorCode.ACCESS_DENIED);
                }
            }
        }
    }

    /** Where it is to be done. */
    private RegionId place(Route route, Call call) {
        return switch (route.where()) {
            case HERE -> settings.region();
            case REGISTRY -> settings.topology().registry().name();
            case NAMED -> named(call.values().get("region"));
            case HOME, LEAVING -> callers.home(call.catalog(), call.account());
            case OWNER -> owner(call.values().get("owner"), call.catalog());
        };
    }

    private RegionId owner(String name, Catalog catalog) {
        return AccountId.isValid(name)
                ? callers.home(catalog, new AccountId(name))
                : settings.region();
    }

    private RegionId named(String name) {
        return settings.topology().regions().stream()
                .map(Region::name)
                .filter(region -> region.value().equals(name))
                .findFirst()
                .orElseThrow(() -> RefusedException.invalid("region", "there is no such region"));
    }

    /** Ends the followers of logs and the workers; what is under way may still fail. */
    @Override
    public void close() {
        logs.close();
        workers.close();
    }
}
