package io.runnel.cluster.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.replication.ReplicationException.Code;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One line of NDJSON from a peer, read strictly: whatever is not as expected is a BAD_LINE. */
final class JsonLine {
    private static final int MOST_DEPTH = 8;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            com.fasterxml.jackson.core.JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_DEPTH)
                                                    .maxNumberLength(32)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final ObjectNode fields;

    private JsonLine(ObjectNode fields) {
        this.fields = fields;
    }

    static JsonLine read(byte[] utf8) {
        try {
            JsonNode node = MAPPER.readTree(utf8);
            if (node instanceof ObjectNode object) {
                return new JsonLine(object);
            }
        } catch (java.io.IOException e) {
            throw new ReplicationException(Code.BAD_LINE, "line is no JSON", e);
        }
        throw new ReplicationException(Code.BAD_LINE, "line is no JSON object");
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The line with its line end. */
    static byte[] write(ObjectNode object) {
        try {
            return (((ObjectMapper) MAPPER).writeValueAsString(object) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    boolean has(String name) {
        return fields.has(name);
    }

    String text(String name) {
        JsonNode value = fields.get(name);
        if (value == null || !value.isTextual()) {
            throw bad(name, "text");
        }
        return value.textValue();
    }

    /** A whole number, not negative. */
    long count(String name) {
        JsonNode value = fields.get(name);
        if (value == null || !value.canConvertToLong() || !value.isIntegralNumber()) {
            throw bad(name, "a whole number");
        }
        if (value.longValue() < 0) {
            throw bad(name, "not negative");
        }
        return value.longValue();
    }

    JsonLine object(String name) {
        if (fields.get(name) instanceof ObjectNode object) {
            return new JsonLine(object);
        }
        throw bad(name, "an object");
    }

    /** A list of texts, at most so many. */
    List<String> texts(String name, int most) {
        List<String> texts = new ArrayList<>();
        if (!(fields.get(name) instanceof ArrayNode array) || array.size() > most) {
            throw bad(name, "a list of at most %d texts".formatted(most));
        }
        for (JsonNode each : array) {
            if (!each.isTextual()) {
                throw bad(name, "texts");
            }
            texts.add(each.textValue());
        }
        return texts;
    }

    Iterable<String> names() {
        return fields::fieldNames;
    }

    private static ReplicationException bad(String name, String rule) {
        return new ReplicationException(Code.BAD_LINE, "'%s' must be %s".formatted(name, rule));
    }
}
