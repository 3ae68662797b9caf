package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.routing.catalog.TaskRecord;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How many calls of a function may be under way at once, in AWS Lambda's API. */
final class FunctionConcurrency {
    private static final String RESERVED = "ReservedConcurrentExecutions";

    private final TaskOperations tasks;

    FunctionConcurrency(TaskOperations tasks) {
        this.tasks = tasks;
    }

    /** PutFunctionConcurrency. */
    CompletionStage<Reply> put(Call call) {
        int most = call.body().knowing(RESERVED).whole(RESERVED, TaskRecord.MOST_CONCURRENT);
        ObjectNode wanted = ControlJson.object();
        wanted.put("concurrent", most);
        return tasks.setConcurrency(call.about(Map.of(), JsonBody.of(wanted), Map.of()))
                .thenApply(done -> Reply.ok(json(OptionalInt.of(most))));
    }

    /** GetFunctionConcurrency. */
    CompletionStage<Reply> show(Call call) {
        return CompletableFuture.completedFuture(
                Reply.ok(json(TaskOperations.task(call, call.catalog()).value().concurrent())));
    }

    /** DeleteFunctionConcurrency. */
    CompletionStage<Reply> delete(Call call) {
        Call unlimited = call.about(Map.of(), JsonBody.of(ControlJson.object()), Map.of());
        return tasks.setConcurrency(unlimited).thenApply(done -> Reply.empty(204));
    }

    private static ObjectNode json(OptionalInt most) {
        ObjectNode json = ControlJson.object();
        most.ifPresent(it -> json.put(RESERVED, it));
        return json;
    }
}
