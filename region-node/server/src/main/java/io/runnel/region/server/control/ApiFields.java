package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;
import io.runnel.routing.api.Api;
import io.runnel.routing.catalog.AccountApis;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;

import java.util.Optional;

/** An API as requests and answers have it. */
final class ApiFields {
    private static final String STAGE = "stage";

    private ApiFields() {}

    /** The stage that a body names. */
    static String stage(JsonBody body) {
        return requireStage(body.text(STAGE));
    }

    /** The same, or another one if it names none. */
    static String stage(JsonBody body, String usual) {
        return body.has(STAGE) ? stage(body) : usual;
    }

    private static String requireStage(String name) {
        if (!Qualifier.isAlias(name)) {
            throw RefusedException.invalid(
                    STAGE, "must be 1 to 63 of A-Z, a-z, 0-9, - and _, and no number");
        }
        return name;
    }

    static ObjectNode of(ApiRecord api) {
        ObjectNode json = ControlJson.object();
        put(json, api);
        return json;
    }

    static void put(ObjectNode json, ApiRecord api) {
        json.put("name", api.name().name().value());
        json.put("path", "/api/" + api.name());
        json.put("newest", api.newest());
        ObjectNode stages = json.putObject("stages");
        api.stages()
                .forEach(
                        (name, stage) -> {
                            ObjectNode one = stages.putObject(name);
                            one.put("path", "/api/%s@%s".formatted(api.name(), name));
                            one.put("revision", stage.revision());
                            if (stage.before() > 0) {
                                one.put("before", stage.before());
                            }
                        });
    }

    /** With its revisions, and the routes of each stage. Blocks. */
    static ObjectNode of(ApiRecord api, AccountApis apis) {
        ObjectNode json = of(api);
        api.stages()
                .forEach(
                        (name, stage) ->
                                apis.revision(api.name().name(), stage.revision())
                                        .ifPresent(
                                                revision ->
                                                        putRoutes(
                                                                json.withObject("/stages/" + name),
                                                                revision)));
        ArrayNode revisions = json.putArray("revisions");
        apis.revisions(api.name().name())
                .forEach(
                        one ->
                                revisions
                                        .addObject()
                                        .put("revision", one.revision())
                                        .put("created", one.created().toString()));
        return json;
    }

    private static void putRoutes(ObjectNode json, ApiRevisionRecord revision) {
        Optional<Api> read = ApiDocuments.read(revision);
        json.put("title", read.map(Api::title).orElse(""));
        ArrayNode routes = json.putArray("routes");
        read.stream()
                .flatMap(api -> api.operations().stream())
                .forEach(
                        route ->
                                routes.addObject()
                                        .put("key", route.key())
                                        .put("task", route.task() + "" + route.version())
                                        .put("open", route.open()));
    }
}
