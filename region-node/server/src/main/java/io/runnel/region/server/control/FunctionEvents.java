package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.http.FunctionName;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.TaskRecord;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What becomes of a function's asynchronous invocations, in AWS Lambda's API: where their results
 * go are functions of the same account.
 */
final class FunctionEvents {
    private static final String RETRIES = "MaximumRetryAttempts";
    private static final String AGE = "MaximumEventAgeInSeconds";
    private static final String WHERE = "DestinationConfig";
    private static final String FAILURE = "OnFailure";
    private static final String SUCCESS = "OnSuccess";
    private static final String DESTINATION = "Destination";

    private static final String ONE_FOR_ALL = "all versions' events end alike";

    private final ControlSettings settings;
    private final EventRuleOperations rules;

    FunctionEvents(ControlSettings settings, EventRuleOperations rules) {
        this.settings = settings;
        this.rules = rules;
    }

    /** PutFunctionEventInvokeConfig: what is not said is as usual. */
    CompletionStage<Reply> put(Call call) {
        return set(call, ControlJson.object());
    }

    /** UpdateFunctionEventInvokeConfig: what is not said stays as it is. */
    CompletionStage<Reply> update(Call call) {
        EventRule before = said(call).eventRule();
        ObjectNode rule = ControlJson.object();
        rule.put("retries", before.retries());
        rule.put("maxAge", before.maxAge().toSeconds() + "s");
        before.onFailure().ifPresent(task -> rule.put("onFailure", task.value()));
        before.onSuccess().ifPresent(task -> rule.put("onSuccess", task.value()));
        return set(call, rule);
    }

    private CompletionStage<Reply> set(Call call, ObjectNode rule) {
        FunctionQualifier.requireNone(call, ONE_FOR_ALL);
        JsonBody said = call.body().knowing(RETRIES, AGE, WHERE);
        if (said.has(RETRIES)) {
            rule.put("retries", said.whole(RETRIES, EventRule.MOST_RETRIES));
        }
        if (said.has(AGE)) {
            rule.put("maxAge", said.positive(AGE) + "s");
        }
        said.optionalObject(WHERE)
                .map(it -> it.knowing(FAILURE, SUCCESS))
                .ifPresent(
                        where -> {
                            destination(where, FAILURE, "onFailure", rule, call);
                            destination(where, SUCCESS, "onSuccess", rule, call);
                        });
        return rules.set(call.about(Map.of(), JsonBody.of(rule), Map.of()))
                .thenApply(
                        done ->
                                Reply.ok(
                                        json(
                                                call,
                                                TaskOperations.task(call, settings.catalog().get())
                                                        .value())));
    }

    private static void destination(
            JsonBody where, String end, String field, ObjectNode rule, Call call) {
        where.optionalObject(end)
                .ifPresent(
                        it -> {
                            it.knowing(DESTINATION);
                            if (it.has(DESTINATION)) {
                                rule.put(field, task(it.text(DESTINATION), call).value());
                            } else {
                                rule.remove(field);
                            }
                        });
    }

    private static TaskName task(String destination, Call call) {
        return FunctionName.parse(destination)
                .filter(it -> it.account().map(call.account()::equals).orElse(true))
                .filter(it -> it.qualifier().isEmpty())
                .map(FunctionName::task)
                .orElseThrow(
                        () ->
                                RefusedException.invalid(
                                        DESTINATION, "must be a function of the same account"));
    }

    /** GetFunctionEventInvokeConfig: there is none until one was set. */
    CompletionStage<Reply> show(Call call) {
        FunctionQualifier.requireNone(call, ONE_FOR_ALL);
        return CompletableFuture.completedFuture(Reply.ok(json(call, said(call))));
    }

    /** DeleteFunctionEventInvokeConfig. */
    CompletionStage<Reply> delete(Call call) {
        FunctionQualifier.requireNone(call, ONE_FOR_ALL);
        said(call);
        return rules.reset(call);
    }

    private static TaskRecord said(Call call) {
        return Optional.of(TaskOperations.task(call, call.catalog()).value())
                .filter(task -> task.events().isPresent())
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        ControlError.EVENT_RULE_NOT_FOUND,
                                        "The function %s doesn't have an EventInvokeConfig"
                                                .formatted(call.task().name())));
    }

    private ObjectNode json(Call call, TaskRecord task) {
        Catalog now = settings.catalog().get();
        EventRule rule = task.eventRule();
        FunctionArn arn = FunctionArn.of(call, settings.region());
        ObjectNode json = ControlJson.object();
        json.put("FunctionArn", arn.of(FunctionConfiguration.LATEST));
        json.put(RETRIES, rule.retries());
        json.put(AGE, rule.maxAge().toSeconds());
        ObjectNode where = json.putObject(WHERE);
        put(where, SUCCESS, rule.onSuccess(), arn);
        put(where, FAILURE, rule.onFailure(), arn);
        now.live(task.ref()).ifPresent(live -> json.put("LastModified", seconds(live.created())));
        return json;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }

    private static void put(
            ObjectNode where, String end, Optional<TaskName> task, FunctionArn arn) {
        ObjectNode one = where.putObject(end);
        task.ifPresent(
                name ->
                        one.put(
                                DESTINATION,
                                new FunctionArn(
                                                arn.region(),
                                                new TaskRef(arn.task().account(), name))
                                        .toString()));
    }
}
