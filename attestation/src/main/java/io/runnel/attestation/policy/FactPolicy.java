package io.runnel.attestation.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.Requirements;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Whether facts are as they must be. What is not there is as bad as what is wrong. Immutable.
 *
 * @param asked which values they may have
 */
public record FactPolicy(Requirements asked) {
    private static final int MOST_SHOWN = 96;

    /**
     * Looks at all of it.
     *
     * @param facts hostile, as far as whoever signed them is
     * @return the facts that were relied on, by their names, or each that is not as it must be
     */
    public Verdict<ObjectNode> check(ObjectNode facts) {
        ObjectNode relied = JsonNodeFactory.instance.objectNode();
        List<Rejection> why = new ArrayList<>();
        asked.facts()
                .forEach(
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
