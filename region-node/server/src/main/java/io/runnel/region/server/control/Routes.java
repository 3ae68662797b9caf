package io.runnel.region.server.control;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.runnel.region.server.control.Route.Body;
import io.runnel.region.server.control.Route.Where;
import io.runnel.region.server.control.Route.Who;
import io.vertx.core.http.HttpMethod;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everything that can be asked of the control API: one closed list. */
record Routes(List<Route> all) {
    /** What a path leads to. */
    record Found(Route route, Map<String, String> values) {}

    Routes {
        all = List.copyOf(all);
    }

    static Routes of(
            AccountOperations accounts,
            AccountMoves moves,
            TaskOperations tasks,
            EventRuleOperations events,
            GrantOperations grants,
            AgreementOperations agreements,
            AliasOperations aliases,
            CallerAliasOperations callerAliases,
            ScheduleOperations schedules,
            ApiOperations apis,
            ApiPages pages,
            TrustOperations trusts,
            UsageOperations usage,
            Publishing publishing,
            BlobOperations blobs,
            LogOperations logs,
            NetworkOperations network,
            AuthorityOperations authority,
            DocumentOperations documents,
            OpenApi openApi) {
        return new Routes(
                Stream.of(
                                List.of(
                                        new Route(
                                                GET,
                                                "/v1/openapi.json",
                                                Who.ANYONE,
                                                Where.HERE,
                                                Body.NONE,
                                                openApi::show)),
                                ofAccounts(accounts),
                                ofMoves(moves),
                                ofBlobs(blobs),
                                ofTasks(tasks, publishing, logs),
                                ofEvents(events),
                                ofGrants(grants),
                                ofAgreements(agreements),
                                ofAliases(aliases),
                                ofCallerAliases(callerAliases),
                                ofSchedules(schedules),
                                ofApis(apis, pages),
                                ofTrusts(trusts),
                                ofUsage(usage),
                                ofNetwork(network),
                                ofAuthority(authority),
                                List.of(
                                        new Route(
                                                POST,
                                                "/v1/attest/verify",
                                                Who.KEY,
                                                Where.HERE,
                                                Body.JSON,
                                                documents::verify)))
                        .flatMap(List::stream)
                        .toList());
    }

    private static Route read(String template, Route.Operation operation) {
        return new Route(GET, template, Who.KEY, Where.HERE, Body.NONE, operation);
    }

    private static Route write(
            HttpMethod method, String template, Body body, Route.Operation operation) {
        return new Route(method, template, Who.KEY, Where.HOME, body, operation);
    }

    private static List<Route> ofAccounts(AccountOperations accounts) {
        String keys = "/v1/accounts/{account}/keys";
        return List.of(
                new Route(
                        POST,
                        "/v1/accounts",
                        Who.ADMIN,
                        Where.REGISTRY,
                        Body.JSON,
                        accounts::create),
                read("/v1/accounts", accounts::list),
                read("/v1/accounts/{account}", accounts::show),
                write(PUT, "/v1/accounts/{account}/requirements", Body.JSON, accounts::require),
                new Route(
                        PUT,
                        "/v1/accounts/{account}/state",
                        Who.ADMIN,
                        Where.HOME,
                        Body.JSON,
                        accounts::setState),
                new Route(
                        PUT,
                        "/v1/accounts/{account}/quota",
                        Who.ADMIN,
                        Where.HOME,
                        Body.JSON,
                        accounts::setQuota),
                new Route(GET, keys, Who.KEY, Where.HOME, Body.NONE, accounts::keys),
                write(POST, keys, Body.JSON, accounts::createKey),
                write(DELETE, keys + "/{key}", Body.NONE, accounts::deleteKey));
    }

    private static List<Route> ofMoves(AccountMoves moves) {
        return List.of(
                new Route(
                        PUT,
                        "/v1/accounts/{account}/leaving",
                        Who.ADMIN,
                        Where.LEAVING,
                        Body.JSON,
                        moves::leave),
                new Route(
                        PUT,
                        "/v1/accounts/{account}/homes/{region}",
                        Who.ADMIN,
                        Where.NAMED,
                        Body.JSON,
                        moves::takeOver));
    }

    private static List<Route> ofBlobs(BlobOperations blobs) {
        String blob = "/v1/blobs/{sha256}";
        return List.of(
                write(PUT, blob, Body.STREAM, blobs::put),
                write(HEAD, blob, Body.NONE, blobs::head));
    }

    private static List<Route> ofTasks(
            TaskOperations tasks, Publishing publishing, LogOperations logs) {
        String task = "/v1/tasks/{task}";
        return List.of(
                read("/v1/tasks", tasks::list),
                read(task, tasks::show),
                write(DELETE, task, Body.NONE, tasks::delete),
                write(PUT, task + "/live", Body.JSON, tasks::setLive),
                write(PUT, task + "/concurrency", Body.JSON, tasks::setConcurrency),
                read(task + "/versions", tasks::versions),
                write(POST, task + "/versions", Body.JSON, publishing::publish),
                read(task + "/versions/{version}", tasks::showVersion),
                new Route(GET, task + "/logs", Who.KEY, Where.HOME, Body.NONE, logs::read));
    }

    private static List<Route> ofEvents(EventRuleOperations events) {
        String path = "/v1/tasks/{task}/events";
        return List.of(
                read(path, events::show),
                write(PUT, path, Body.JSON, events::set),
                write(DELETE, path, Body.NONE, events::reset));
    }

    private static List<Route> ofGrants(GrantOperations grants) {
        String task = "/v1/tasks/{task}/grants";
        String grant = task + "/{grantee}/{grant}";
        return List.of(
                read("/v1/grants", grants::received),
                read(task, grants::list),
                read(grant, grants::show),
                write(PUT, grant, Body.JSON, grants::put),
                write(DELETE, grant, Body.NONE, grants::delete));
    }

    private static List<Route> ofAgreements(AgreementOperations agreements) {
        String agreement = "/v1/agreements/{owner}/{granted}";
        return List.of(
                read("/v1/agreements", agreements::list),
                read("/v1/tasks/{task}/agreements", agreements::ofTask),
                write(PUT, agreement, Body.JSON, agreements::put),
                write(DELETE, agreement, Body.NONE, agreements::delete));
    }

    private static List<Route> ofAliases(AliasOperations aliases) {
        String task = "/v1/tasks/{task}/aliases";
        String alias = task + "/{alias}";
        return List.of(
                read(task, aliases::list),
                read(alias, aliases::show),
                write(PUT, alias, Body.JSON, aliases::put),
                write(DELETE, alias, Body.NONE, aliases::delete));
    }

    /** Named as a task would be, so that keys for some tasks are for some of these. */
    private static List<Route> ofCallerAliases(CallerAliasOperations aliases) {
        String alias = "/v1/aliases/{task}";
        return List.of(
                read("/v1/aliases", aliases::list),
                read(alias, aliases::show),
                write(PUT, alias, Body.JSON, aliases::put),
                write(DELETE, alias, Body.NONE, aliases::delete));
    }

    private static List<Route> ofSchedules(ScheduleOperations schedules) {
        String schedule = "/v1/schedules/{schedule}";
        return List.of(
                read("/v1/schedules", schedules::list),
                read(schedule, schedules::show),
                write(PUT, schedule, Body.JSON, schedules::put),
                write(DELETE, schedule, Body.NONE, schedules::delete));
    }

    private static List<Route> ofApis(ApiOperations apis, ApiPages pages) {
        String api = "/v1/apis/{api}";
        return List.of(
                read("/v1/apis", pages::list),
                read(api, pages::show),
                read(api + "/document", pages::document),
                read(api + "/openapi", pages::published),
                read(api + "/page", pages::page),
                write(PUT, api, Body.DOCUMENT, apis::put),
                write(DELETE, api, Body.NONE, apis::delete),
                write(POST, api + "/deploy", Body.JSON, apis::deploy),
                write(POST, api + "/rollback", Body.JSON, apis::rollback),
                write(DELETE, api + "/stages/{stage}", Body.NONE, apis::deleteStage));
    }

    private static List<Route> ofTrusts(TrustOperations trusts) {
        String all = "/v1/accounts/{account}/trusts";
        String trust = all + "/{trust}";
        return List.of(
                read(all, trusts::list),
                read(trust, trusts::show),
                write(PUT, trust, Body.JSON, trusts::put),
                write(DELETE, trust, Body.NONE, trusts::delete),
                new Route(
                        POST,
                        "/v1/tokens/{owner}/{trust}",
                        Who.ANYONE,
                        Where.OWNER,
                        Body.JSON,
                        trusts::exchange));
    }

    private static List<Route> ofUsage(UsageOperations usage) {
        return List.of(
                new Route(GET, "/v1/usage", Who.KEY, Where.HOME, Body.NONE, usage::totals),
                new Route(GET, "/v1/usage/calls", Who.KEY, Where.HOME, Body.NONE, usage::calls),
                new Route(
                        GET,
                        "/v1/regions/{region}/usage",
                        Who.KEY,
                        Where.NAMED,
                        Body.NONE,
                        usage::owned),
                new Route(
                        GET,
                        "/v1/regions/{region}/quarantine",
                        Who.ADMIN,
                        Where.NAMED,
                        Body.NONE,
                        usage::quarantined));
    }

    private static List<Route> ofNetwork(NetworkOperations network) {
        return List.of(
                new Route(
                        GET,
                        "/v1/tasks/{task}/versions/{version}/rollout",
                        Who.KEY,
                        Where.HOME,
                        Body.NONE,
                        network::rollout),
                new Route(
                        GET,
                        "/v1/changes/{region}/{change}",
                        Who.KEY,
                        Where.NAMED,
                        Body.NONE,
                        network::change),
                read("/v1/nodes", network::nodes),
                new Route(
                        GET, "/v1/topology", Who.ADMIN, Where.HERE, Body.NONE, network::topology));
    }

    private static List<Route> ofAuthority(AuthorityOperations authority) {
        String region = "/v1/regions/{region}";
        String node = region + "/revocations/{node}";
        return List.of(
                new Route(
                        GET,
                        region + "/revocations",
                        Who.ANYONE,
                        Where.NAMED,
                        Body.NONE,
                        authority::revoked),
                new Route(
                        POST,
                        region + "/tokens",
                        Who.ADMIN,
                        Where.NAMED,
                        Body.JSON,
                        authority::admit),
                new Route(PUT, node, Who.ADMIN, Where.NAMED, Body.JSON, authority::revoke),
                new Route(DELETE, node, Who.ADMIN, Where.NAMED, Body.NONE, authority::readmit),
                new Route(
                        GET,
                        region + "/audit",
                        Who.ADMIN,
                        Where.NAMED,
                        Body.NONE,
                        authority::audit));
    }

    /** What this path leads to, one for each method that it takes. */
    List<Found> at(String path) {
        List<String> segments = Route.segments(path);
        return all.stream()
                .flatMap(
                        route ->
                                route.match(segments).stream()
                                        .map(values -> new Found(route, values)))
                .toList();
    }
}
