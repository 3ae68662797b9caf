package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at what stands at keywords that hold no schemas, and keeps the patterns. One thread. */
final class SchemaValues {
    private static final Set<String> TYPES =
            Set.of("string", "integer", "number", "boolean", "array", "object", "null");

    /** How many values that another may be compared with are a step. */
    private static final int VALUES_A_STEP = 8;

    private final Map<String, LinearPattern> patterns = new HashMap<>();

    /** All patterns so far, by their texts. */
    Map<String, LinearPattern> patterns() {
        return Map.copyOf(patterns);
    }

    void pattern(Place place, String text) throws ApiDocumentException {
        if (!patterns.containsKey(text)) {
            patterns.put(text, place.built(() -> LinearPattern.compile(text)));
        }
    }

    /** What stands there, if it is right; empty if it says nothing that is checked. */
    Optional<JsonNode> checked(SchemaShape shape, Place place) throws ApiDocumentException {
        JsonNode node = place.node();
        switch (shape) {
            case TYPE -> requireType(place);
            case VALUES -> requireValues(place);
            case NUMBER -> require(node.isNumber(), place, "must be a number");
            case DIVISOR ->
                    require(
                            node.isNumber() && node.doubleValue() > 0,
                            place,
                            "must be a number above 0");
            case COUNT ->
                    require(
                            node.isIntegralNumber()
                                    && node.canConvertToInt()
                                    && node.intValue() >= 0,
                            place,
                            "must be a whole number, 0 or more");
            case FLAG -> require(node.isBoolean(), place, "must be true or false");
            case PATTERN -> pattern(place, place.text());
            case NAMES -> requireNames(place);
            case NAMED_NAMES -> {
                for (Place names : place.fields().values()) {
                    requireNames(names);
                }
            }
            case FORMAT -> {
                return TextFormat.of(place.text()).isPresent()
                        ? Optional.of(node)
                        : Optional.empty();
            }
            case VALUE, SCHEMA, SCHEMAS, NAMED_SCHEMAS, MATCHED_SCHEMAS -> {}
        }
        return Optional.of(node);
    }

    private static void require(boolean right, Place place, String rule)
            throws ApiDocumentException {
        if (!right) {
            throw place.flaw(rule);
        }
    }

    private static void requireType(Place place) throws ApiDocumentException {
        List<String> types = place.node().isTextual() ? List.of(place.text()) : place.texts();
        boolean once = new HashSet<>(types).size() == types.size();
        require(
                !types.isEmpty() && once && TYPES.containsAll(types),
                place,
                "must be string, integer, number, boolean, array, object or null, or a list of"
                        + " some");
    }

    private static void requireValues(Place place) throws ApiDocumentException {
        require(!place.elements().isEmpty(), place, "must have a value");
    }

    private static void requireNames(Place place) throws ApiDocumentException {
        List<String> names = place.texts();
        require(new HashSet<>(names).size() == names.size(), place, "has a name twice");
    }

    /** How many steps a look at a value takes because of what stands there. */
    static long steps(SchemaShape shape, JsonNode node) {
        return switch (shape) {
            case VALUE, VALUES -> count(node) / VALUES_A_STEP;
            case NAMES, NAMED_SCHEMAS, MATCHED_SCHEMAS -> node.size();
            case NAMED_NAMES -> count(node);
            case TYPE, NUMBER, DIVISOR, COUNT, FLAG, PATTERN, FORMAT, SCHEMA, SCHEMAS -> 0;
        };
    }

    private static long count(JsonNode node) {
        long count = 1;
        for (JsonNode child : node) {
            count += count(child);
        }
        return count;
    }
}
