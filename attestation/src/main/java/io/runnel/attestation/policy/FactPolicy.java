package io.runnel.attestation.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Which values facts may have. What is not there is as bad as what is wrong. Immutable.
 *
 * @param allowed by the fact's name, in which {@code .} leads into what is nested; none for a
 *     policy that asks for nothing
 */
public record FactPolicy(Map<String, List<String>> allowed) {
    /** Asks for nothing. */
    public static final FactPolicy NONE = new FactPolicy(Map.of());

    private static final int MOST_SHOWN = 96;

    /** Copies what could change. */
    public FactPolicy {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        allowed.forEach((fact, values) -> copy.put(fact, List.copyOf(values)));
        allowed = Collections.unmodifiableMap(copy);
    }

    /**
     * Looks at all of it.
     *
     * @param facts hostile, as far as whoever signed them is
     * @return the facts that were relied on, by their names, or each that is not as it must be
     */
    public Verdict<ObjectNode> check(ObjectNode facts) {
        ObjectNode relied = JsonNodeFactory.instance.objectNode();
        List<Rejection> why = new ArrayList<>();
        allowed.forEach(
                (fact, values) -> {
                    JsonNode value = facts.at("/" + fact.replace('.', '/'));
                    if (!value.isValueNode() && !value.isArray()) {
                        why.add(new Rejection(Reason.FACT_MISSING, fact));
                    } else if (isAllowed(value, values)) {
                        relied.set(fact, value);
                    } else {
                        why.add(
                                new Rejection(
                                        Reason.FACT_NOT_ALLOWED,
                                        "%s is %s".formatted(fact, shown(value))));
                    }
                });
        return why.isEmpty() ? Verdict.trusted(relied) : new Verdict.Rejected<>(why);
    }

    /** Of a list each must be. */
    private static boolean isAllowed(JsonNode value, List<String> values) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .allMatch(one -> one.isValueNode() && values.contains(one.asText()))
                : values.contains(value.asText());
    }

    private static String shown(JsonNode value) {
        String text = value.isArray() ? value.toString() : value.asText();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }
}
