package io.runnel.region.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** JSON as trees. Safe for any thread. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final ObjectMapper EXACT =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

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

    /**
     * The tree, with numbers as they are written.
     *
     * @throws IllegalArgumentException if the text is no JSON, or has a field twice; with the place
     */
    static JsonNode exact(String text) {
        try {
            return EXACT.readTree(text);
        } catch (JsonProcessingException e) {
            JsonLocation at = Objects.requireNonNullElse(e.getLocation(), JsonLocation.NA);
            throw new IllegalArgumentException(
                    "is not JSON, line %d, column %d: %s"
                            .formatted(
                                    at.getLineNr(),
                                    at.getColumnNr(),
                                    e.getOriginalMessage().lines().findFirst().orElse("")),
                    e);
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
