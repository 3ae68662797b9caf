package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task as a region describes it: the settings of the task, and of its live version.
 *
 * @param json missing if there is no such task
 */
record LiveTask(Api api, JsonNode json) {
    private static final int NOT_FOUND = 404;

    /** What is live under this name. */
    static LiveTask of(Api api, TaskName name) {
        try {
            return new LiveTask(api, api.get("/v1/tasks/" + name));
        } catch (ApiException e) {
            if (e.status() == NOT_FOUND) {
                return new LiveTask(api, MissingNode.getInstance());
            }
            throw e;
        }
    }

    Optional<HandlerKind> handler() {
        return HandlerKind.ofLabel(json.path("handler").asText());
    }

    /** Whether publishing this would change nothing that a caller could notice. */
    boolean is(Release release) {
        return isAlike(release) && isSame(version(), release);
    }

    private boolean isAlike(Release release) {
        return json.path("digest").asText().equals(release.digest().value())
                && json.path("handler").asText().equals(release.handler().label())
                && json.path("public").asBoolean() == release.everyone()
                && options().equals(release.options())
                // Nobody tells what secrets are, so those that are given are always new.
                && release.secrets().isEmpty();
    }

    /** Only a version tells its variables. */
    private static boolean isSame(JsonNode version, Release release) {
        Map<String, String> variables = new TreeMap<>();
        version.path("env")
                .properties()
                .forEach(p -> variables.put(p.getKey(), p.getValue().asText()));
        return version.path("secrets").isEmpty()
                && variables.equals(new TreeMap<>(release.environment()));
    }

    /** What a region tells of them; one that knows none has none to choose. */
    private TaskOptions options() {
        List<OutboundHost> outbound = new ArrayList<>();
        json.path("outbound").forEach(host -> outbound.add(OutboundHost.parse(host.asText())));
        List<DeviceName> devices = new ArrayList<>();
        json.path("devices").forEach(device -> devices.add(new DeviceName(device.asText())));
        return new TaskOptions(
                Reuse.parse(json.path("reuse").asText(Reuse.FRESH.label())),
                json.path("coarseClock").asBoolean(),
                outbound,
                LatencyNeed.parse(json.path("latency").asText(LatencyNeed.NORMAL.label())),
                devices,
                Optional.empty(),
                FactOptions.read(json.path("callers")));
    }

    private JsonNode version() {
        return api.get(
                "/v1/tasks/%s/versions/%d"
                        .formatted(json.path("name").asText(), json.path("live").asInt()));
    }
}
