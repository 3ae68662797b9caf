package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.http.Origin;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.TaskRecord;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The URLs of functions in AWS Lambda's API. Each function has one, {@code /fn/ACCOUNT/TASK} at the
 * node that was asked; what can be set is whether anyone may call it.
 */
final class FunctionUrls {
    private static final String TYPE = "AuthType";
    private static final String OPEN = "NONE";
    private static final String SIGNED = "AWS_IAM";
    private static final String MODE = "InvokeMode";
    private static final String BUFFERED = "BUFFERED";

    private static final String ONE_FOR_ALL =
            "a version's URL is that of its function, with @VERSION";

    private final ControlSettings settings;
    private final TaskOperations tasks;

    FunctionUrls(ControlSettings settings, TaskOperations tasks) {
        this.settings = settings;
        this.tasks = tasks;
    }

    /** CreateFunctionUrlConfig. */
    CompletionStage<Reply> create(Call call) {
        return set(call, 201);
    }

    /** UpdateFunctionUrlConfig. */
    CompletionStage<Reply> update(Call call) {
        return set(call, 200);
    }

    private CompletionStage<Reply> set(Call call, int status) {
        JsonBody said = call.body().knowing(TYPE, MODE);
        FunctionQualifier.requireNone(call, ONE_FOR_ALL);
        if (said.has(MODE) && !said.text(MODE).equals(BUFFERED)) {
            throw RefusedException.invalid(MODE, "must be " + BUFFERED);
        }
        boolean everyone =
                switch (said.text(TYPE)) {
                    case OPEN -> true;
                    case SIGNED -> false;
                    default ->
                            throw RefusedException.invalid(
                                    TYPE, "must be %s or %s".formatted(OPEN, SIGNED));
                };
        return tasks.setEveryone(call, everyone)
                .thenApply(
                        done ->
                                new Reply.Whole(
                                        status,
                                        Map.of(),
                                        Optional.of(json(call, settings.catalog().get()))));
    }

    /** GetFunctionUrlConfig. */
    CompletionStage<Reply> show(Call call) {
        FunctionQualifier.requireNone(call, ONE_FOR_ALL);
        return CompletableFuture.completedFuture(Reply.ok(json(call, call.catalog())));
    }

    /** ListFunctionUrlConfigs. */
    CompletionStage<Reply> list(Call call) {
        ObjectNode json = ControlJson.object();
        json.putArray("FunctionUrlConfigs").add(json(call, call.catalog()));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    /** DeleteFunctionUrlConfig: only who has a key calls it then. */
    CompletionStage<Reply> delete(Call call) {
        FunctionQualifier.requireNone(call, ONE_FOR_ALL);
        return tasks.setEveryone(call, false).thenApply(done -> Reply.empty(204));
    }

    private ObjectNode json(Call call, Catalog catalog) {
        TaskRecord task = TaskOperations.task(call, catalog).value();
        TaskRef ref = task.ref();
        Origin origin = call.arrival().origin();
        ObjectNode json = ControlJson.object();
        json.put(
                "FunctionUrl",
                "%s://%s/fn/%s/".formatted(origin.scheme(), origin.authority(), ref));
        json.put("FunctionArn", FunctionArn.of(call, settings.region()).toString());
        json.put(TYPE, task.everyone() ? OPEN : SIGNED);
        json.put(MODE, BUFFERED);
        catalog.live(ref).ifPresent(live -> json.put("CreationTime", live.created().toString()));
        return json;
    }
}
