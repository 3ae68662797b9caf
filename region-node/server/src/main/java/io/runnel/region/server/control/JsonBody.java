package io.runnel.region.server.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Requirements;
import io.vertx.core.buffer.Buffer;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** A request's JSON object; what is missing, wrong or unknown in it is refused by its name. */
final class JsonBody {
    private static final int MOST_DEPTH = 8;
    private static final int MOST_ELEMENTS = 256;
    private static final int MOST_NAME_SHOWN = 64;

    static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_DEPTH)
                                                    .maxNumberLength(32)
                                                    .maxNameLength(1024)
                                                    .maxStringLength(256 * 1024)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final ObjectNode object;

    private JsonBody(ObjectNode object) {
        this.object = object;
    }

    /** What is said in such an object. */
    static JsonBody of(ObjectNode object) {
        return new JsonBody(object);
    }

    /** Reads a body; an empty one is an empty object. */
    static JsonBody read(Buffer body) {
        if (body.length() == 0) {
            return new JsonBody(JsonNodeFactory.instance.objectNode());
        }
        try {
            if (MAPPER.readTree(body.getBytes()) instanceof ObjectNode object) {
                return new JsonBody(object);
            }
        } catch (JsonProcessingException e) {
            throw RefusedException.invalid("body", rule(Optional.ofNullable(e.getLocation())));
        } catch (IOException e) {
            throw new IllegalStateException("reading an array does no I/O", e);
        }
        throw RefusedException.invalid("body", "must be a JSON object");
    }

    /**
     * In our words: the parser's own name its classes and settings. Not all errors have a place.
     */
    private static String rule(Optional<JsonLocation> place) {
        String where =
                place.map(at -> "; line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()))
                        .orElse("");
        return "must be one JSON object, no field twice, no deeper than %d%s"
                .formatted(MOST_DEPTH, where);
    }

    /** Refuses fields that are none of these. */
    JsonBody knowing(String... names) {
        Set<String> known = Set.of(names);
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            if (!known.contains(name)) {
                String shown =
                        name.length() > MOST_NAME_SHOWN ? name.substring(0, MOST_NAME_SHOWN) : name;
                throw RefusedException.invalid(shown, "is no field of this request");
            }
        }
        return this;
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    String text(String name) {
        JsonNode node = object.path(name);
        if (!node.isTextual()) {
            throw RefusedException.invalid(name, "must be a text");
        }
        return node.textValue();
    }

    /** A value that {@code read} makes of the text, or refuses by IllegalArgumentException. */
    <T> T value(String name, Function<String, T> read) {
        return checked(name, text(name), read);
    }

    <T> Optional<T> optional(String name, Function<String, T> read) {
        return has(name) ? Optional.of(value(name, read)) : Optional.empty();
    }

    static <T> T checked(String name, String text, Function<String, T> read) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(name, ruleIn(e.getMessage(), name));
        }
    }

    /** A value's own message may begin with its name, which the field's name says already. */
    private static String ruleIn(String message, String name) {
        return message.startsWith(name + " ") ? message.substring(name.length() + 1) : message;
    }

    Optional<Boolean> optionalFlag(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!object.path(name).isBoolean()) {
            throw RefusedException.invalid(name, "must be true or false");
        }
        return Optional.of(object.path(name).booleanValue());
    }

    int positive(String name) {
        JsonNode node = object.path(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
            throw RefusedException.invalid(name, "must be a positive whole number");
        }
        return node.intValue();
    }

    /** A whole number from 0 to {@code most}. */
    int whole(String name, int most) {
        JsonNode node = object.path(name);
        boolean isOne = node.isIntegralNumber() && node.canConvertToInt();
        if (!isOne || node.intValue() < 0 || node.intValue() > most) {
            throw RefusedException.invalid(name, "must be a whole number, 0 to " + most);
        }
        return node.intValue();
    }

    OptionalInt optionalPositive(String name) {
        return has(name) ? OptionalInt.of(positive(name)) : OptionalInt.empty();
    }

    /** A list of texts; empty if it is not there. */
    List<String> texts(String name) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode node = object.path(name);
        if (!node.isArray() || node.size() > MOST_ELEMENTS) {
            throw RefusedException.invalid(
                    name, "must be a list of at most %d texts".formatted(MOST_ELEMENTS));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw RefusedException.invalid(name, "must be a list of texts");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** An object of lists of texts, which must be there. */
    Map<String, List<String>> textLists(String name) {
        if (!(object.path(name) instanceof ObjectNode lists) || lists.size() > MOST_ELEMENTS) {
            throw RefusedException.invalid(
                    name, "must be an object of at most %d lists".formatted(MOST_ELEMENTS));
        }
        JsonBody inner = new JsonBody(lists);
        Map<String, List<String>> read = new LinkedHashMap<>();
        lists.fieldNames().forEachRemaining(field -> read.put(field, inner.texts(field)));
        return read;
    }

    /** What is asked of somebody; nothing if it is not there. */
    Requirements optionalRequirements(String name) {
        return object.path(name).isMissingNode() ? Requirements.NONE : requirements(name);
    }

    /** What is asked of somebody: an object of lists. */
    Requirements requirements(String name) {
        Map<String, List<String>> facts = textLists(name);
        try {
            return new Requirements(facts);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(name, e.getMessage());
        }
    }

    /** An object, read in the same way. */
    Optional<JsonBody> optionalObject(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (object.path(name) instanceof ObjectNode inner) {
            return Optional.of(new JsonBody(inner));
        }
        throw RefusedException.invalid(name, "must be an object");
    }

    /** An object of numbers; empty if it is not there. */
    Map<String, BigDecimal> numbers(String name) {
        if (!has(name)) {
            return Map.of();
        }
        JsonNode node = object.path(name);
        if (!node.isObject() || node.size() > MOST_ELEMENTS) {
            throw RefusedException.invalid(
                    name, "must be an object of at most %d numbers".formatted(MOST_ELEMENTS));
        }
        Map<String, BigDecimal> numbers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isNumber()) {
                throw RefusedException.invalid(name, "must be an object of numbers");
            }
            numbers.put(entry.getKey(), entry.getValue().decimalValue());
        }
        return numbers;
    }

    /** An object of texts; empty if it is not there. */
    Map<String, String> textMap(String name) {
        if (!has(name)) {
            return Map.of();
        }
        JsonNode node = object.path(name);
        if (!node.isObject() || node.size() > MOST_ELEMENTS) {
            throw RefusedException.invalid(
                    name, "must be an object of at most %d texts".formatted(MOST_ELEMENTS));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                throw RefusedException.invalid(name, "must be an object of texts");
            }
            texts.put(entry.getKey(), entry.getValue().textValue());
        }
        return texts;
    }
}
