package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.TaskName;

import java.time.Duration;
import java.util.Optional;

/** What becomes of a task's events, as JSON in its record. Pure. */
final class EventRuleJson {
    private EventRuleJson() {}

    static void put(ObjectNode json, EventRule rule) {
        json.put("retries", rule.retries());
        json.put("maxAgeSeconds", rule.maxAge().toSeconds());
        rule.onFailure().ifPresent(task -> json.put("onFailure", task.value()));
        rule.onSuccess().ifPresent(task -> json.put("onSuccess", task.value()));
    }

    static EventRule read(JsonFields fields) {
        return new EventRule(
                fields.smallNumber("retries"),
                Duration.ofSeconds(fields.smallNumber("maxAgeSeconds")),
                task(fields, "onFailure"),
                task(fields, "onSuccess"));
    }

    private static Optional<TaskName> task(JsonFields fields, String name) {
        return fields.has(name) ? Optional.of(fields.value(name, TaskName::new)) : Optional.empty();
    }
}
