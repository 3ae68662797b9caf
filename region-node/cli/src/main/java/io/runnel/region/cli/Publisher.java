package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskName;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Publishes versions and follows them to the nodes. Not thread-safe. */
final class Publisher {
    static final Duration MOST_TO_ROLL_OUT = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Api api;

    Publisher(Api api) {
        this.api = api;
    }

    /**
     * Stores the code and makes a version of it.
     *
     * @return what the region says of the version
     * @throws ApiException if it is refused
     */
    JsonNode publish(Release release) {
        api.upload("/v1/blobs/" + release.digest(), release.code().bytes());
        return api.send("POST", "/v1/tasks/" + release.task() + "/versions", release.json());
    }

    /**
     * Waits until every node that is up has the version, or until the time is over.
     *
     * @param each takes a node when it is seen to have it, once
     * @return the last answer of the region: {@code nodes}
     */
    JsonNode awaitRollout(TaskName task, int version, Consumer<JsonNode> each) {
        long deadline = System.nanoTime() + MOST_TO_ROLL_OUT.toNanos();
        Set<String> told = new HashSet<>();
        JsonNode nodes = rollout(task, version);
        tell(nodes, told, each);
        while (!isDone(nodes) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
            nodes = rollout(task, version);
            tell(nodes, told, each);
        }
        return nodes;
    }

    private JsonNode rollout(TaskName task, int version) {
        return api.get("/v1/tasks/%s/versions/%d/rollout".formatted(task, version)).path("nodes");
    }

    private static void tell(JsonNode nodes, Set<String> told, Consumer<JsonNode> each) {
        for (JsonNode node : nodes) {
            if (isDoneAt(node) && told.add(node.path("name").asText())) {
                each.accept(node);
            }
        }
    }

    static boolean isDone(JsonNode nodes) {
        for (JsonNode node : nodes) {
            if (!isDoneAt(node)) {
                return false;
            }
        }
        return true;
    }

    static boolean isDoneAt(JsonNode node) {
        return !node.path("state").asText().equals("pending");
    }

    /** A node's line: {@code ams pop ready 12 ms}. */
    static String line(JsonNode node) {
        return "%-12s %-7s %-9s %s"
                .formatted(
                        node.path("name").asText(),
                        node.path("role").asText().toLowerCase(java.util.Locale.ROOT),
                        node.path("state").asText(),
                        node.has("ms") ? node.path("ms").asLong() + " ms" : "")
                .stripTrailing();
    }

    static ObjectNode with(JsonNode version, JsonNode nodes) {
        ObjectNode json = Json.object();
        version.properties().forEach(p -> json.set(p.getKey(), p.getValue()));
        json.set("nodes", nodes);
        return json;
    }
}
