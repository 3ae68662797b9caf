package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Requirements;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What is asked of somebody, as options give it and as the control API takes and tells it. */
final class FactOptions {
    private FactOptions() {}

    /**
     * As options give it.
     *
     * @param given values with commas between, by their fact
     * @throws IllegalArgumentException if one is no fact or no value
     */
    static Requirements requirements(Map<String, String> given) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        given.forEach((fact, values) -> asked.put(fact, List.of(values.split(",", -1))));
        return new Requirements(asked);
    }

    /** As the control API takes it. */
    static void put(ObjectNode json, Requirements asked) {
        asked.facts().forEach((fact, values) -> values.forEach(json.putArray(fact)::add));
    }

    /** One of what a region tells, in the words of an option. */
    static String shown(Map.Entry<String, JsonNode> fact) {
        String values =
                StreamSupport.stream(fact.getValue().spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","));
        return fact.getKey() + "=" + values;
    }

    /** As a region tells it; one that knows none asks for nothing. */
    static Requirements read(JsonNode json) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        json.properties()
                .forEach(
                        fact -> {
                            List<String> values = new ArrayList<>();
                            fact.getValue().forEach(value -> values.add(value.asText()));
                            asked.put(fact.getKey(), values);
                        });
        return new Requirements(asked);
    }
}
