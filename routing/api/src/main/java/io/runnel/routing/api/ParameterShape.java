package io.runnel.routing.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a parameter's value is written, to make a value of JSON of it (OpenAPI 3.1, 4.8.12.3). A text
 * that none of the types fits stays a text, which is then what is wrong with it.
 *
 * @param list whether it is a list
 * @param delimiter between elements; empty if each stands on its own, as {@code a=1&a=2}
 * @param types which it may be, or its elements
 */
record ParameterShape(boolean list, Optional<String> delimiter, Set<String> types) {
    /** A number in JSON (RFC 8259, 6), and not longer than any that is read. */
    private static final Pattern NUMBER =
            Pattern.compile(
                    "-?+(?:0|[1-9][0-9]{0,30}+)(?:\\.[0-9]{1,30}+)?+(?:[eE][+-]?+[0-9]{1,3}+)?+");

    /**
     * The value.
     *
     * @param values as they were found, at least one
     * @return empty if there are several where one is expected
     */
    Optional<JsonNode> value(List<String> values) {
        if (!list) {
            return values.size() > 1 ? Optional.empty() : Optional.of(one(values.getFirst()));
        }
        ArrayNode elements = JsonNodeFactory.instance.arrayNode();
        for (String value : values) {
            if (delimiter.isEmpty()) {
                elements.add(one(value));
            } else if (!value.isEmpty()) {
                for (String part : value.split(Pattern.quote(delimiter.get()), -1)) {
                    elements.add(one(part.strip()));
                }
            }
        }
        return Optional.of(elements);
    }

    private JsonNode one(String text) {
        boolean number = types.contains("integer") || types.contains("number");
        if (number && NUMBER.matcher(text).matches()) {
            return number(text);
        }
        if (types.contains("boolean") && (text.equals("true") || text.equals("false"))) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        return types.contains("null") && text.isEmpty()
                ? NullNode.instance
                : TextNode.valueOf(text);
    }

    private static JsonNode number(String text) {
        try {
            return StrictJson.read(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }
}
