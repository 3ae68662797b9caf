package io.runnel.chaos.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.List;

/** Toxiproxy's JSON. What comes from outside is checked, member by member. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long MOST_VALUE = 1_000_000_000;

    private Json() {}

    static JsonNode parse(byte[] body) throws ApiException {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw bad("bad request body: no JSON");
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    // ---- links

    static ObjectNode write(Link link) {
        LinkSettings settings = link.settings();
        ObjectNode node = MAPPER.createObjectNode();
        node.put("name", settings.name());
        node.put("listen", settings.listen());
        node.put("upstream", settings.upstream());
        node.put("enabled", settings.enabled());
        node.set("toxics", writeToxics(link.toxics()));
        return node;
    }

    /** {@code {name: link}}. */
    static ObjectNode writeAll(List<Link> links) {
        ObjectNode node = MAPPER.createObjectNode();
        links.forEach(link -> node.set(link.settings().name(), write(link)));
        return node;
    }

    /** {@code {"proxies": [link]}}. */
    static ObjectNode writePopulated(List<Link> links) {
        ObjectNode node = MAPPER.createObjectNode();
        ArrayNode array = node.putArray("proxies");
        links.forEach(link -> array.add(write(link)));
        return node;
    }

    /** {@code {name: {kind: times}}}. */
    static ObjectNode writeActs(List<Link> links) {
        ObjectNode node = MAPPER.createObjectNode();
        for (Link link : links) {
            ObjectNode acts = node.putObject(link.settings().name());
            link.acts().all().forEach(acts::put);
        }
        return node;
    }

    static LinkSettings readLink(JsonNode node) throws ApiException {
        String name = text(node, "name", "");
        String upstream = text(node, "upstream", "");
        if (name.isEmpty() || upstream.isEmpty()) {
            throw bad("missing required field: " + (name.isEmpty() ? "name" : "upstream"));
        }
        return link(name, text(node, "listen", "127.0.0.1:0"), upstream, flag(node, true));
    }

    static LinkSettings readChange(LinkSettings now, JsonNode node) throws ApiException {
        return link(
                now.name(),
                text(node, "listen", now.listen()),
                text(node, "upstream", now.upstream()),
                flag(node, now.enabled()));
    }

    private static LinkSettings link(String name, String listen, String upstream, boolean enabled)
            throws ApiException {
        try {
            return new LinkSettings(name, listen, upstream, enabled);
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    // ---- toxics

    static ArrayNode writeToxics(List<Toxic> toxics) {
        ArrayNode array = MAPPER.createArrayNode();
        toxics.forEach(toxic -> array.add(write(toxic)));
        return array;
    }

    static ObjectNode write(Toxic toxic) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("name", toxic.name());
        node.put("type", toxic.effect().type());
        node.put("stream", toxic.stream().label());
        node.put("toxicity", toxic.toxicity());
        writeAttributes(toxic.effect(), node.putObject("attributes"));
        return node;
    }

    private static void writeAttributes(Effect effect, ObjectNode node) {
        switch (effect) {
            case Effect.Latency(long latency, long jitter) ->
                    node.put("latency", latency).put("jitter", jitter);
            case Effect.Bandwidth(long rate) -> node.put("rate", rate);
            case Effect.SlowClose(long delay) -> node.put("delay", delay);
            case Effect.Timeout(long timeout) -> node.put("timeout", timeout);
            case Effect.ResetPeer(long timeout) -> node.put("timeout", timeout);
            case Effect.Slicer(long size, long variation, long delay) ->
                    node.put("average_size", size)
                            .put("size_variation", variation)
                            .put("delay", delay);
            case Effect.LimitData(long bytes) -> node.put("bytes", bytes);
        }
    }

    static Toxic readToxic(JsonNode node) throws ApiException {
        String type = text(node, "type", "");
        Direction stream = stream(text(node, "stream", Direction.DOWNSTREAM.label()));
        String name = text(node, "name", type + "_" + stream.label());
        JsonNode attributes = node.path("attributes");
        return new Toxic(name, stream, toxicity(node, 1), effect(type, attributes));
    }

    /** What is not named stays as it is. */
    static Toxic readChange(Toxic now, JsonNode node) throws ApiException {
        ObjectNode attributes = MAPPER.createObjectNode();
        writeAttributes(now.effect(), attributes);
        if (node.path("attributes") instanceof ObjectNode changed) {
            attributes.setAll(changed);
        }
        return new Toxic(
                now.name(),
                now.stream(),
                toxicity(node, now.toxicity()),
                effect(now.effect().type(), attributes));
    }

    private static Effect effect(String type, JsonNode at) throws ApiException {
        return switch (type) {
            case "latency" -> new Effect.Latency(number(at, "latency"), number(at, "jitter"));
            case "bandwidth" -> new Effect.Bandwidth(number(at, "rate"));
            case "slow_close" -> new Effect.SlowClose(number(at, "delay"));
            case "timeout" -> new Effect.Timeout(number(at, "timeout"));
            case "reset_peer" -> new Effect.ResetPeer(number(at, "timeout"));
            case "slicer" ->
                    new Effect.Slicer(
                            number(at, "average_size"),
                            number(at, "size_variation"),
                            number(at, "delay"));
            case "limit_data" -> new Effect.LimitData(number(at, "bytes"));
            default -> throw bad("invalid toxic type: '%s'".formatted(type));
        };
    }

    private static Direction stream(String label) throws ApiException {
        return Direction.ofLabel(label)
                .orElseThrow(() -> bad("stream was invalid, can be either upstream or downstream"));
    }

    // ---- members

    private static String text(JsonNode node, String name, String otherwise) throws ApiException {
        JsonNode member = node.path(name);
        if (member.isMissingNode() || member.isNull()) {
            return otherwise;
        }
        if (!member.isTextual()) {
            throw bad("%s must be a string".formatted(name));
        }
        return member.textValue().isEmpty() ? otherwise : member.textValue();
    }

    private static boolean flag(JsonNode node, boolean otherwise) throws ApiException {
        JsonNode member = node.path("enabled");
        if (!member.isMissingNode() && !member.isBoolean()) {
            throw bad("enabled must be true or false");
        }
        return member.asBoolean(otherwise);
    }

    private static double toxicity(JsonNode node, double otherwise) throws ApiException {
        JsonNode member = node.path("toxicity");
        double value = member.asDouble(otherwise);
        if ((!member.isMissingNode() && !member.isNumber()) || !(value >= 0 && value <= 1)) {
            throw bad("toxicity must be 0 to 1: " + member);
        }
        return value;
    }

    private static long number(JsonNode node, String name) throws ApiException {
        JsonNode member = node.path(name);
        if (member.isMissingNode()) {
            return 0;
        }
        if (!member.canConvertToExactIntegral()
                || !member.canConvertToLong()
                || member.longValue() < 0
                || member.longValue() > MOST_VALUE) {
            throw bad("%s must be a whole number, 0 to %d: %s".formatted(name, MOST_VALUE, member));
        }
        return member.longValue();
    }

    static ApiException bad(String message) {
        return new ApiException(ApiException.Code.BAD_REQUEST, message);
    }

    static ObjectNode error(ApiException e) {
        return MAPPER.createObjectNode()
                .put("error", e.getMessage())
                .put("status", e.code().status());
    }

    static ObjectNode version(String version) {
        return MAPPER.createObjectNode().put("version", version);
    }
}
