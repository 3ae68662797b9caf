package io.runnel.region.server.control;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.CallerProof;
import io.runnel.exec.http.Credentials;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.topology.Region;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The control API of one region's node: finds the route, proves the caller, hands over what belongs
 * to another region, reads the body, does it, answers. {@link #handle} and {@link #handleRelayed}
 * are for the request's event loop, before anything of its body was read, and do not block; what
 * blocks is done by workers of its own.
 */
public final class ControlApi implements AutoCloseable {
    static final int MOST_IN_FLIGHT = 256;
    static final ByteSize MOST_JSON = ByteSize.ofKiB(256);

    /** How long a relayed request waits for its account's record, which may still be on its way. */
    private static final int RELAYED_TRIES = 40;

    /** How long a write waits for another region's word after the node's start: 15 s. */
    private static final int CONFIRMED_TRIES = 300;

    private static final long RELAYED_PAUSE_MS = 50;
    private static final String BASE = "/v1";

    private final ControlSettings settings;
    private final ControlWorkers workers = new ControlWorkers();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Writes writes;
    private final KeyUses uses;
    private final LogOperations logs;
    private final Routes routes;

    /**
     * Starts the workers and empties the folder of uploads. Blocks.
     *
     * @throws java.io.UncheckedIOException if the folder of uploads cannot be used
     */
    public ControlApi(ControlSettings settings) {
        this.settings = settings;
        this.writes = new Writes(settings.store(), settings.seal());
        this.uses = new KeyUses(settings.store().usage(), settings.clock());
        this.logs = new LogOperations(settings);
        BlobOwners owners = new BlobOwners();
        TaskOperations tasks = new TaskOperations(settings, writes);
        this.routes =
                Routes.of(
                        new AccountOperations(settings, writes),
                        new AccountMoves(settings, writes),
                        tasks,
                        new GrantOperations(settings, writes),
                        new AgreementOperations(writes),
                        new AliasOperations(settings, writes),
                        new CallerAliasOperations(settings, writes),
                        new TrustOperations(settings, writes, workers.tokens()),
                        new UsageOperations(settings),
                        new Publishing(settings, writes, owners, tasks, workers.checks()),
                        new BlobOperations(settings, owners, workers.disk()),
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
        handle(exchange, false, 0, CONFIRMED_TRIES);
    }

    /** Answers a request that another region relayed; it is not relayed again. */
    public void handleRelayed(Exchange exchange) {
        handle(exchange, true, RELAYED_TRIES, CONFIRMED_TRIES);
    }

    private void handle(Exchange exchange, boolean relayed, int triesLeft, int unconfirmedLeft) {
        try {
            Routes.Found found = find(exchange);
            Call call = call(exchange, found);
            boolean mayComeYet = relayed && triesLeft > 0 && isUnknown(call);
            if (mayComeYet) {
                later(exchange, () -> handle(exchange, true, triesLeft - 1, unconfirmedLeft));
                return;
            }
            requireAllowed(found.route(), call);
            requireTask(found.route(), call);
            RegionId place = place(found.route(), call);
            if (place.equals(settings.region())) {
                if (needsConfirmation(found.route()) && !settings.companions().isConfirmed()) {
                    if (unconfirmedLeft == 0) {
                        throw notConfirmed();
                    }
                    later(
                            exchange,
                            () -> handle(exchange, relayed, triesLeft, unconfirmedLeft - 1));
                    return;
                }
                requireAtRest(found.route(), call);
                run(found.route(), call);
            } else if (relayed) {
                throw new RefusedException(ControlError.NOT_HOME);
            } else {
                settings.relay().relay(exchange, place);
            }
        } catch (RuntimeException e) {
            exchange.refuse(Failures.problem(e));
        }
    }

    private void later(Exchange exchange, Runnable again) {
        exchange.request().pause();
        settings.vertx().setTimer(RELAYED_PAUSE_MS, tick -> again.run());
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
        List<Routes.Found> candidates = routes.at(path);
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

    private Call call(Exchange exchange, Routes.Found found) {
        HttpServerRequest request = exchange.request();
        Catalog catalog = settings.catalog().get();
        Optional<Caller.Keyed> proved =
                found.route().who() == Route.Who.ANYONE
                        ? Optional.empty()
                        : Optional.of(proved(found.route(), request, catalog));
        AccountId caller = proved.map(Caller.Keyed::account).orElse(new AccountId("anyone"));
        boolean admin =
                proved.flatMap(p -> catalog.account(p.account()))
                        .map(AccountRecord::admin)
                        .orElse(false);
        return new Call(
                exchange,
                found.values(),
                caller,
                proved.map(Caller.Keyed::keyId).orElse(""),
                admin,
                account(request, found.values(), caller, admin),
                catalog,
                JsonBody.read(Buffer.buffer()),
                Optional.empty());
    }

    private Caller.Keyed proved(Route route, HttpServerRequest request, Catalog catalog) {
        CallerProof proof =
                CallerProof.check(
                        Credentials.of(request.headers()),
                        id ->
                                catalog.key(id.value())
                                        .filter(k -> k.rights().holdAt(settings.clock().millis()))
                                        .map(k -> new KeyFacts(k.account(), k.secretSha256())));
        if (proof instanceof CallerProof.Proved(Caller.Keyed keyed)) {
            requireRights(route, catalog.key(keyed.keyId()).map(KeyRecord::rights));
            requireActive(catalog, keyed.account());
            if (home(catalog, keyed.account()).equals(settings.region())) {
                uses.used(keyed.keyId());
            }
            return keyed;
        }
        request.response().putHeader("WWW-Authenticate", "Bearer realm=\"runnel\"");
        throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }

    private static void requireRights(Route route, Optional<KeyRights> rights) {
        route.scope()
                .filter(scope -> rights.filter(held -> held.allow(scope)).isEmpty())
                .ifPresent(
                        scope -> {
                            throw new RefusedException(
                                    ErrorCode.ACCESS_DENIED,
                                    "the key lacks the scope " + scope.label());
                        });
    }

    private static void requireActive(Catalog catalog, AccountId account) {
        catalog.account(account)
                .filter(known -> !known.isActive())
                .ifPresent(
                        known -> {
                            throw new RefusedException(
                                    ErrorCode.ACCESS_DENIED,
                                    "account %s is %s".formatted(account, known.state().label()));
                        });
    }

    /** A key for some tasks is for these also where they are named by a path. */
    private static void requireTask(Route route, Call call) {
        if (!call.values().containsKey("task") || call.keyId().isEmpty()) {
            return;
        }
        TaskRef task = call.task();
        boolean isAllowed =
                route.scope()
                        .map(
                                scope ->
                                        call.catalog()
                                                .key(call.keyId())
                                                .filter(key -> key.rights().allow(scope, task))
                                                .isPresent())
                        .orElse(true);
        if (!isAllowed) {
            throw new RefusedException(ErrorCode.ACCESS_DENIED, "the key is not for " + task);
        }
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
            case HOME, LEAVING -> home(call.catalog(), call.account());
            case OWNER -> owner(call.values().get("owner"), call.catalog());
        };
    }

    private RegionId home(Catalog catalog, AccountId account) {
        return catalog.account(account).map(AccountRecord::home).orElse(settings.region());
    }

    private RegionId owner(String name, Catalog catalog) {
        return AccountId.isValid(name) ? home(catalog, new AccountId(name)) : settings.region();
    }

    private RegionId named(String name) {
        return settings.topology().regions().stream()
                .map(Region::name)
                .filter(region -> region.value().equals(name))
                .findFirst()
                .orElseThrow(() -> RefusedException.invalid("region", "there is no such region"));
    }

    private void run(Route route, Call call) {
        if (route.isWrite() && !settings.companions().mayWrite()) {
            throw new RefusedException(ControlError.MINORITY);
        }
        if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
            inFlight.decrementAndGet();
            throw new RefusedException(ErrorCode.OVER_CAPACITY);
        }
        Exchange exchange = call.exchange();
        exchange.whenFinished(inFlight::decrementAndGet);
        switch (route.body()) {
            case NONE -> answer(exchange, () -> once(route, call, Buffer.buffer()));
            case STREAM -> answer(exchange, () -> route.operation().run(call));
            case JSON -> {
                requireJson(call);
                exchange.gather(
                        BodyLimits.whole(MOST_JSON),
                        body -> answer(exchange, () -> once(route, call, body.head())));
            }
        }
    }

    private static void answer(
            Exchange exchange, Supplier<CompletionStage<? extends Reply>> operation) {
        CompletionStage<? extends Reply> reply;
        try {
            reply = operation.get();
        } catch (RuntimeException e) {
            reply = CompletableFuture.<Reply>failedFuture(e);
        }
        reply.whenComplete(
                (done, failure) ->
                        exchange.onLoop(
                                () -> {
                                    if (failure == null) {
                                        send(exchange, done);
                                    } else {
                                        exchange.refuse(Failures.problem(failure));
                                    }
                                }));
    }

    private static void requireJson(Call call) {
        String type = call.header("Content-Type").orElse("application/json");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new RefusedException(ControlError.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private CompletionStage<? extends Reply> once(Route route, Call call, Buffer body) {
        Call read =
                call.with(
                        JsonBody.read(body),
                        route.isWrite() ? writes.memory(call, body.getBytes()) : Optional.empty());
        return writes.once(read, () -> route.operation().run(read));
    }

    private static void send(Exchange exchange, Reply reply) {
        if (exchange.isFinished()) {
            return;
        }
        switch (reply) {
            case Reply.Whole whole -> sendWhole(exchange.response(), whole);
            case Reply.Streamed streamed -> streamed.writer().accept(exchange);
        }
    }

    private static void sendWhole(HttpServerResponse response, Reply.Whole whole) {
        response.setStatusCode(whole.status());
        whole.headers().forEach(response::putHeader);
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (whole.body().isPresent()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            response.end(whole.body().get().toString());
        } else {
            response.end();
        }
    }

    /** Ends the followers of logs and the workers; what is under way may still fail. */
    @Override
    public void close() {
        logs.close();
        workers.close();
    }
}
