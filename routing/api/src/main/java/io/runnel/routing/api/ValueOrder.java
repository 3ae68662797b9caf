package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Some order of values of JSON, in which those are the same that JSON Schema takes for equal: 1 and
 * 1.0 are, and fields may come in any order. Each value that is compared takes a step, and more for
 * a text.
 */
final class ValueOrder implements Comparator<JsonNode> {
    private static final int CHARACTERS_A_STEP = 32;

    private final CheckSteps steps;

    ValueOrder(CheckSteps steps) {
        this.steps = steps;
    }

    @Override
    public int compare(JsonNode one, JsonNode other) {
        steps.take(1);
        int byKind = Integer.compare(kind(one), kind(other));
        if (byKind != 0) {
            return byKind;
        }
        return switch (one.getNodeType()) {
            case NUMBER -> one.decimalValue().compareTo(other.decimalValue());
            case STRING -> ofTexts(one.textValue(), other.textValue());
            case BOOLEAN -> Boolean.compare(one.booleanValue(), other.booleanValue());
            case ARRAY -> ofLists(one, other);
            case OBJECT -> ofObjects(one, other);
            case NULL, MISSING, BINARY, POJO -> 0;
        };
    }

    private static int kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING, BINARY, POJO -> 0;
            case BOOLEAN -> 1;
            case NUMBER -> 2;
            case STRING -> 3;
            case ARRAY -> 4;
            case OBJECT -> 5;
        };
    }

    private int ofTexts(String one, String other) {
        steps.take(Math.min(one.length(), other.length()) / CHARACTERS_A_STEP);
        return one.compareTo(other);
    }

    private int ofLists(JsonNode one, JsonNode other) {
        int bySize = Integer.compare(one.size(), other.size());
        for (int i = 0; bySize == 0 && i < one.size(); i++) {
            int byElement = compare(one.get(i), other.get(i));
            if (byElement != 0) {
                return byElement;
            }
        }
        return bySize;
    }

    private int ofObjects(JsonNode one, JsonNode other) {
        int bySize = Integer.compare(one.size(), other.size());
        if (bySize != 0) {
            return bySize;
        }
        Iterator<Map.Entry<String, JsonNode>> fields = sorted(one).entrySet().iterator();
        for (Map.Entry<String, JsonNode> of : sorted(other).entrySet()) {
            Map.Entry<String, JsonNode> field = fields.next();
            int byName = ofTexts(field.getKey(), of.getKey());
            int byField = byName != 0 ? byName : compare(field.getValue(), of.getValue());
            if (byField != 0) {
                return byField;
            }
        }
        return 0;
    }

    private SortedMap<String, JsonNode> sorted(JsonNode object) {
        steps.take(4L * object.size());
        SortedMap<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        return sorted;
    }
}
