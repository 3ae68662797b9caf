package io.runnel.region.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** JSON as trees. Safe for any thread. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The tree, or a missing node if the text is no JSON. */
    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The tree of maps, lists, texts and numbers. */
    static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** For people and programs alike: indented. */
    static String pretty(JsonNode json) {
        return json.toPrettyString();
    }

    /** A list's texts with commas between, or what stands for none. */
    static String texts(JsonNode list, String none) {
        return list.isEmpty()
                ? none
                : StreamSupport.stream(list.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","));
    }
}
