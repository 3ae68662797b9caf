package io.runnel.topology;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;
import io.runnel.topology.Fields.Placed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes policies of a file's tree, or tells all that is in the way. */
final class PolicyDecoder {
    private static final List<String> POLICY = List.of("action", "account", "task", "require");
    private static final List<String> RULE = List.of("fact", "in");
    private static final int MOST_POLICIES = 64;

    private final Problems problems;

    PolicyDecoder(Problems problems) {
        this.problems = problems;
    }

    List<Policy> policies(Fields root) {
        Map<About, Mark> seen = new HashMap<>();
        return root.mappings("policies", MOST_POLICIES, POLICY).stream()
                .flatMap(fields -> policy(fields, seen).stream())
                .toList();
    }

    private Optional<Policy> policy(Fields fields, Map<About, Mark> seen) {
        Optional<Placed<Policy.Action>> action = fields.required("action", PolicyDecoder::action);
        Optional<Placed<AccountId>> account = fields.optional("account", AccountId::new);
        Optional<Placed<TaskRef>> task = fields.optional("task", PolicyDecoder::task);
        action.ifPresent(placed -> once(placed, account, task, seen));
        fields.tellIfMissing("require");
        Map<String, List<String>> facts = new LinkedHashMap<>();
        for (Fields rule : fields.mappings("require", Requirements.MOST_FACTS, RULE)) {
            rule(rule, facts);
        }
        return action.map(
                placed ->
                        new Policy(
                                placed.value(),
                                account.map(Placed::value)
                                        .filter(named -> placed.value().isForAccounts())
                                        .filter(named -> task.isEmpty()),
                                task.map(Placed::value)
                                        .filter(named -> placed.value() == Policy.Action.INVOKE),
                                new Requirements(facts)));
    }

    private void rule(Fields rule, Map<String, List<String>> facts) {
        Optional<Placed<String>> fact = rule.required("fact", Requirements::fact);
        rule.tellIfMissing("in");
        if (rule.isEmptyList("in")) {
            rule.refuse("in", "in must have at least one value");
        }
        List<String> values =
                rule.list("in", Requirements.MOST_VALUES, Requirements::value).stream()
                        .map(Placed::value)
                        .toList();
        if (fact.isPresent()
                && !values.isEmpty()
                && facts.putIfAbsent(fact.get().value(), values) != null) {
            rule.refuse("fact", "fact is given twice: " + fact.get().value());
        }
    }

    private void once(
            Placed<Policy.Action> action,
            Optional<Placed<AccountId>> account,
            Optional<Placed<TaskRef>> task,
            Map<About, Mark> seen) {
        if (task.isPresent() && (action.value() != Policy.Action.INVOKE || account.isPresent())) {
            Placed<TaskRef> named = task.get();
            problems.add(
                    named.at(),
                    named.path(),
                    account.isPresent()
                            ? "a policy is about a task or an account: its task names both"
                            : "no task goes with the action " + action.value().label());
            return;
        }
        if (account.isPresent() && !action.value().isForAccounts()) {
            Placed<AccountId> named = account.get();
            problems.add(
                    named.at(),
                    named.path(),
                    "no account goes with the action " + action.value().label());
            return;
        }
        About about =
                new About(action.value(), account.map(Placed::value), task.map(Placed::value));
        Mark first = seen.putIfAbsent(about, action.at());
        if (first != null) {
            problems.add(
                    action.at(),
                    action.path(),
                    "an action has one policy%s: the first is at %s"
                            .formatted(forWhat(about), first));
        }
    }

    /** What there is one policy for. */
    private record About(
            Policy.Action action, Optional<AccountId> account, Optional<TaskRef> task) {}

    private static String forWhat(About about) {
        if (about.task().isPresent()) {
            return " for a task";
        }
        return about.account().isPresent() ? " for an account" : "";
    }

    private static TaskRef task(String text) {
        return TaskRef.parse("task", text);
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
