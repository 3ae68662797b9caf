package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What becomes of a task's events, as its owner says. */
final class EventRuleOperations {
    private final Writes writes;

    EventRuleOperations(Writes writes) {
        this.writes = writes;
    }

    CompletionStage<Reply> show(Call call) {
        Stamped<TaskRecord> task = TaskOperations.task(call, call.catalog());
        TaskRef ref = task.value().ref();
        String tag = TaskOperations.tag(call.catalog(), ref, task.seq());
        return CompletableFuture.completedFuture(
                EntityTag.isKnown(call, tag)
                        ? Reply.empty(304).with("ETag", tag)
                        : Reply.ok(json(task.value().eventRule())).with("ETag", tag));
    }

    /** Says it anew: what is not said is as usual. */
    CompletionStage<Reply> set(Call call) {
        EventRule rule = rule(call.body());
        return replace(call, Optional.of(rule), Reply.ok(json(rule)));
    }

    /** From now on all is as usual. */
    CompletionStage<Reply> reset(Call call) {
        return replace(call, Optional.empty(), Reply.empty(204));
    }

    private CompletionStage<Reply> replace(Call call, Optional<EventRule> rule, Reply.Whole reply) {
        Stamped<TaskRecord> before = TaskOperations.task(call, call.catalog());
        TaskRef ref = before.value().ref();
        String tag = TaskOperations.tag(call.catalog(), ref, before.seq());
        EntityTag.requireMatch(call, Optional.of(tag));
        Draft draft = Draft.of(before.value().ruling(rule));
        return writes.replace(call, draft, Optional.of(before), List.of(), reply);
    }

    private static EventRule rule(JsonBody body) {
        body.knowing("retries", "maxAge", "onFailure", "onSuccess");
        EventRule usual = EventRule.DEFAULT;
        int retries =
                body.has("retries")
                        ? body.whole("retries", EventRule.MOST_RETRIES)
                        : usual.retries();
        EventRule retried =
                new EventRule(
                        retries,
                        usual.maxAge(),
                        body.optional("onFailure", TaskName::new),
                        body.optional("onSuccess", TaskName::new));
        return body.optional("maxAge", text -> retried.upTo(DurationText.parse(text)))
                .orElse(retried);
    }

    private static ObjectNode json(EventRule rule) {
        ObjectNode json = ControlJson.object();
        json.put("retries", rule.retries());
        json.put("maxAge", DurationText.format(rule.maxAge()));
        rule.onFailure().ifPresent(task -> json.put("onFailure", task.value()));
        rule.onSuccess().ifPresent(task -> json.put("onSuccess", task.value()));
        return json;
    }
}
