package io.runnel.region.cli.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.SupervisorException.Code;
import io.runnel.topology.Address;
import io.runnel.topology.NodeStatus.Role;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What goes over the supervisor's socket: JSON, an object a line. A request is {@code
 * {"ask":"stop","node":"ams"}}; answers are any number of {@code {"event":{...}}} and at last one
 * with {@code "done"} or {@code "error"}.
 */
final class SupervisorMessages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SupervisorMessages() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static JsonNode parse(String line) {
        try {
            JsonNode read = JSON.readTree(line);
            if (read.isObject()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            throw new SupervisorException(Code.NO_ANSWER, "not JSON on the supervisor's socket", e);
        }
        throw new SupervisorException(Code.NO_ANSWER, "no object on the supervisor's socket");
    }

    static ObjectNode encode(SupervisorEvent event) {
        return object().put("at", event.at().toString())
                .put("node", event.node().value())
                .put("phase", event.phase().label())
                .put("text", event.text());
    }

    static SupervisorEvent decodeEvent(JsonNode json) {
        return new SupervisorEvent(
                Instant.parse(json.path("at").asText()),
                new NodeName(json.path("node").asText()),
                phase(json),
                json.path("text").asText());
    }

    static ObjectNode encode(NodeReport report) {
        ObjectNode json =
                object().put("node", report.node().value())
                        .put("role", report.role().name().toLowerCase(Locale.ROOT))
                        .put("listen", report.listen().toString())
                        .put("secured", report.secured())
                        .put("phase", report.phase().label())
                        .put("restarts", report.restarts())
                        .put("uptimeMs", report.uptime().toMillis());
        report.pid().ifPresent(pid -> json.put("pid", pid));
        report.lastEnd().ifPresent(end -> json.put("lastEnd", end));
        return json;
    }

    static NodeReport decodeReport(JsonNode json) {
        return new NodeReport(
                new NodeName(json.path("node").asText()),
                Role.valueOf(json.path("role").asText().toUpperCase(Locale.ROOT)),
                Address.parse(json.path("listen").asText()),
                json.path("secured").asBoolean(),
                phase(json),
                json.has("pid") ? OptionalLong.of(json.get("pid").asLong()) : OptionalLong.empty(),
                json.path("restarts").asInt(),
                Duration.ofMillis(json.path("uptimeMs").asLong()),
                Optional.ofNullable(json.get("lastEnd")).map(JsonNode::asText));
    }

    private static NodePhase phase(JsonNode json) {
        String label = json.path("phase").asText();
        return NodePhase.ofLabel(label)
                .orElseThrow(
                        () ->
                                new SupervisorException(
                                        Code.NO_ANSWER, "unknown phase '%s'".formatted(label)));
    }
}
