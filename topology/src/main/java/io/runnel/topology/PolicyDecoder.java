package io.runnel.topology;

import io.runnel.topology.Fields.Placed;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes policies of a file's tree, or tells all that is in the way. */
final class PolicyDecoder {
    private static final List<String> POLICY = List.of("action", "require");
    private static final List<String> RULE = List.of("fact", "in");
    private static final int MOST_POLICIES = 16;

    private final Problems problems;

    PolicyDecoder(Problems problems) {
        this.problems = problems;
    }

    List<Policy> policies(Fields root) {
        Map<Policy.Action, Mark> seen = new EnumMap<>(Policy.Action.class);
        return root.mappings("policies", MOST_POLICIES, POLICY).stream()
                .flatMap(fields -> policy(fields, seen).stream())
                .toList();
    }

    private Optional<Policy> policy(Fields fields, Map<Policy.Action, Mark> seen) {
        Optional<Placed<Policy.Action>> action = fields.required("action", PolicyDecoder::action);
        action.ifPresent(placed -> once(placed, seen));
        fields.tellIfMissing("require");
        Map<String, List<String>> facts = new LinkedHashMap<>();
        for (Fields rule : fields.mappings("require", Policy.MOST_FACTS, RULE)) {
            rule(rule, facts);
        }
        return action.map(placed -> new Policy(placed.value(), facts));
    }

    private void rule(Fields rule, Map<String, List<String>> facts) {
        Optional<Placed<String>> fact = rule.required("fact", Policy::fact);
        rule.tellIfMissing("in");
        if (rule.isEmptyList("in")) {
            rule.refuse("in", "in must have at least one value");
        }
        List<String> values =
                rule.list("in", Policy.MOST_VALUES, Policy::value).stream()
                        .map(Placed::value)
                        .toList();
        if (fact.isPresent()
                && !values.isEmpty()
                && facts.putIfAbsent(fact.get().value(), values) != null) {
            rule.refuse("fact", "fact is given twice: " + fact.get().value());
        }
    }

    private void once(Placed<Policy.Action> placed, Map<Policy.Action, Mark> seen) {
        Mark first = seen.putIfAbsent(placed.value(), placed.at());
        if (first != null) {
            problems.add(
                    placed.at(),
                    placed.path(),
                    "an action has one policy: the first is at " + first);
        }
    }

    private static Policy.Action action(String text) {
        List<String> known =
                Arrays.stream(Policy.Action.values()).map(Policy.Action::label).toList();
        return Arrays.stream(Policy.Action.values())
                .filter(action -> action.label().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "action must be one of %s: '%s'"
                                                .formatted(
                                                        String.join(", ", known),
                                                        Shown.text(text))));
    }
}
