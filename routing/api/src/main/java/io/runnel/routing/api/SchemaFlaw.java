package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Says what a schema found wrong, in our words. Pure. */
final class SchemaFlaw {
    private static final int MOST_SHOWN = 80;
    private static final int MOST_VALUES = 10;

    private SchemaFlaw() {}

    static RequestFlaw of(String where, Error error) {
        String inside = error.getInstanceLocation().toString();
        return RequestFlaw.bad(where + shown(inside), text(error));
    }

    private static String text(Error error) {
        JsonNode rule = error.getSchemaNode();
        return switch (error.getKeyword()) {
            case "type" -> "must be " + types(rule);
            case "minimum" -> "must be at least " + rule;
            case "exclusiveMinimum" -> "must be more than " + rule;
            case "maximum" -> "must be at most " + rule;
            case "exclusiveMaximum" -> "must be less than " + rule;
            case "multipleOf" -> "must be a multiple of " + rule;
            case "minLength" -> "must have at least %s characters".formatted(rule);
            case "maxLength" -> "must have at most %s characters".formatted(rule);
            case "minItems" -> "must have at least %s elements".formatted(rule);
            case "maxItems" -> "must have at most %s elements".formatted(rule);
            case "minProperties" -> "must have at least %s fields".formatted(rule);
            case "maxProperties" -> "must have at most %s fields".formatted(rule);
            case "pattern" -> "must match " + shown(rule.asText());
            case "format" -> "must be of the format " + rule.asText();
            case "required", "dependentRequired" -> "must have " + shown(property(error));
            case "additionalProperties", "unevaluatedProperties" ->
                    "must not have " + shown(property(error));
            case "unevaluatedItems" -> "has elements that must not be";
            case "uniqueItems" -> "must not have an element twice";
            case "enum" -> "must be " + values(rule);
            case "const" -> "must be " + shown(rule.toString());
            case "oneOf" -> "must be one of several kinds, and no other";
            case "not", "false" -> "must not be so";
            case "contains", "minContains", "maxContains" ->
                    "must have as many elements of a kind as are asked for";
            default -> "is not as it must be";
        };
    }

    private static String property(Error error) {
        return error.getProperty() == null ? "other fields" : error.getProperty();
    }

    private static String types(JsonNode rule) {
        return rule.isTextual()
                ? rule.textValue()
                : elements(rule).map(JsonNode::asText).collect(Collectors.joining(" or "));
    }

    private static String values(JsonNode rule) {
        String first =
                elements(rule)
                        .limit(MOST_VALUES)
                        .map(value -> shown(value.toString()))
                        .collect(Collectors.joining(", "));
        return rule.size() > MOST_VALUES ? "one of " + first + ", ..." : "one of " + first;
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** What came from others, without control characters and not long. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MOST_SHOWN); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() > MOST_SHOWN ? shown + "..." : shown.toString();
    }
}
