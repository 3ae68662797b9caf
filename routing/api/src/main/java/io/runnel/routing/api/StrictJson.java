package io.runnel.routing.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Reads JSON of others within limits: no key twice, nothing behind the end, {@link #MOST_DEPTH}
 * deep, no number that a double cannot hold.
 */
final class StrictJson {
    /** How deep objects and lists may be within each other. */
    static final int MOST_DEPTH = 64;

    private static final int LONGEST_NUMBER = 64;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_DEPTH)
                                                    .maxNumberLength(LONGEST_NUMBER)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private StrictJson() {}

    /**
     * Reads a text, whose length the caller has looked at.
     *
     * @throws JsonProcessingException if it is not one value of JSON within the limits
     */
    static JsonNode read(String text) throws JsonProcessingException {
        JsonNode node = MAPPER.readTree(text);
        if (node.isMissingNode()) {
            throw new JsonParseException(null, "there is nothing");
        }
        requireFinite(node);
        return node;
    }

    private static void requireFinite(JsonNode node) throws JsonProcessingException {
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            throw new JsonParseException(null, "a number is too large");
        }
        for (JsonNode child : node) {
            requireFinite(child);
        }
    }

    /** Without blanks. */
    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }
}
