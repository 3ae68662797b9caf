package io.runnel.region.server.control;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.runnel.region.server.control.Route.Body;
import io.runnel.region.server.control.Route.Where;
import io.runnel.region.server.control.Route.Who;
import io.vertx.core.http.HttpMethod;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * What of AWS Lambda's control API is answered, by its paths (its API reference, 2015-03-31): what
 * its users do daily. All of it is done at the account's home, so that it is seen at once.
 */
final class FunctionRoutes {
    private static final String ALL = "/2015-03-31/functions";
    private static final String ONE = ALL + "/{task}";

    private FunctionRoutes() {}

    static Routes of(
            ControlSettings settings,
            TaskOperations tasks,
            GrantOperations grants,
            AliasOperations aliases,
            EventRuleOperations events,
            BlobOperations blobs,
            Publishing publishing,
            Executor worker) {
        var functions = new FunctionOperations(settings, tasks, blobs, publishing, worker);
        return new Routes(
                Stream.of(
                                ofFunctions(functions),
                                ofAliases(new FunctionAliases(settings, aliases)),
                                ofPermissions(new FunctionPermissions(settings, grants)),
                                ofConcurrency(new FunctionConcurrency(tasks)),
                                ofEvents(new FunctionEvents(settings, events)),
                                ofUrls(new FunctionUrls(settings, tasks)))
                        .flatMap(List::stream)
                        .toList());
    }

    private static Route route(
            HttpMethod method, String template, Body body, Route.Operation operation) {
        return new Route(method, template, Who.KEY, Where.HOME, body, operation);
    }

    private static List<Route> ofFunctions(FunctionOperations functions) {
        return List.of(
                route(POST, ALL, Body.FILE, functions::create),
                route(GET, ALL, Body.NONE, functions::list),
                route(GET, ALL + "/", Body.NONE, functions::list),
                route(GET, ONE, Body.NONE, functions::show),
                route(DELETE, ONE, Body.NONE, functions::delete),
                route(PUT, ONE + "/code", Body.FILE, functions::updateCode),
                route(GET, ONE + "/configuration", Body.NONE, functions::configuration),
                route(PUT, ONE + "/configuration", Body.JSON, functions::updateConfiguration),
                route(POST, ONE + "/versions", Body.JSON, functions::publish),
                route(GET, ONE + "/versions", Body.NONE, functions::versions));
    }

    private static List<Route> ofAliases(FunctionAliases aliases) {
        String alias = ONE + "/aliases/{alias}";
        return List.of(
                route(POST, ONE + "/aliases", Body.JSON, aliases::create),
                route(GET, ONE + "/aliases", Body.NONE, aliases::list),
                route(GET, alias, Body.NONE, aliases::show),
                route(PUT, alias, Body.JSON, aliases::update),
                route(DELETE, alias, Body.NONE, aliases::delete));
    }

    private static List<Route> ofPermissions(FunctionPermissions permissions) {
        return List.of(
                route(POST, ONE + "/policy", Body.JSON, permissions::add),
                route(GET, ONE + "/policy", Body.NONE, permissions::policy),
                route(DELETE, ONE + "/policy/{statement}", Body.NONE, permissions::remove));
    }

    private static List<Route> ofConcurrency(FunctionConcurrency concurrency) {
        String one = "/functions/{task}/concurrency";
        return List.of(
                route(PUT, "/2017-10-31" + one, Body.JSON, concurrency::put),
                route(DELETE, "/2017-10-31" + one, Body.NONE, concurrency::delete),
                route(GET, "/2019-09-30" + one, Body.NONE, concurrency::show));
    }

    private static List<Route> ofEvents(FunctionEvents events) {
        String one = "/2019-09-25/functions/{task}/event-invoke-config";
        return List.of(
                route(PUT, one, Body.JSON, events::put),
                route(POST, one, Body.JSON, events::update),
                route(GET, one, Body.NONE, events::show),
                route(DELETE, one, Body.NONE, events::delete));
    }

    private static List<Route> ofUrls(FunctionUrls urls) {
        String one = "/2021-10-31/functions/{task}/url";
        return List.of(
                route(POST, one, Body.JSON, urls::create),
                route(GET, one, Body.NONE, urls::show),
                route(PUT, one, Body.JSON, urls::update),
                route(DELETE, one, Body.NONE, urls::delete),
                route(GET, one + "s", Body.NONE, urls::list));
    }
}
