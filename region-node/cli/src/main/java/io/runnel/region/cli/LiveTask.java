package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.TaskName;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task as a region describes it.
 *
 * @param task the whole description
 * @param version its live version; missing if there is no such task
 */
record LiveTask(JsonNode task, JsonNode version) {
    private static final int NOT_FOUND = 404;

    /** What is live under this name. */
    static LiveTask of(Api api, TaskName name) {
        try {
            JsonNode task = api.get("/v1/tasks/" + name);
            return new LiveTask(task, liveVersion(task));
        } catch (ApiException e) {
            if (e.status() == NOT_FOUND) {
                return new LiveTask(Json.object(), Json.object().path("none"));
            }
            throw e;
        }
    }

    private static JsonNode liveVersion(JsonNode task) {
        int live = task.path("live").asInt();
        for (JsonNode version : task.path("versions")) {
            if (version.path("version").asInt() == live) {
                return version;
            }
        }
        return Json.object().path("none");
    }

    Optional<HandlerKind> handler() {
        return HandlerKind.ofLabel(version.path("handler").asText());
    }

    /** Whether publishing this would change nothing that a caller could notice. */
    boolean is(Release release) {
        return version.path("digest").asText().equals(release.digest().value())
                && version.path("handler").asText().equals(release.handler().label())
                && task.path("public").asBoolean() == release.everyone()
                && environment().equals(new TreeMap<>(release.environment()));
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        version.path("env")
                .properties()
                .forEach(p -> variables.put(p.getKey(), p.getValue().asText()));
        return variables;
    }
}
