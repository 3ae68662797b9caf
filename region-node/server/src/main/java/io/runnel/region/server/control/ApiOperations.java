package io.runnel.region.server.control;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Api;
import io.runnel.routing.catalog.AccountApis;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.ApiStage;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * APIs of an account: a revision is made, stages get one, go back, or go. What routes lead to is
 * checked when a stage gets a revision; documents are read where what blocks is.
 */
final class ApiOperations {
    /** Where a revision goes first, unless another stage is named. */
    static final String FIRST_STAGE = "dev";

    /** Each time another writer came first, such as a deploy of a task that a route leads to. */
    private static final int TRIES = 20;

    private final ControlSettings settings;
    private final Writes writes;

    ApiOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
    }

    /** Makes the next revision, of a new API the first, and puts a stage to it. */
    CompletionStage<Reply> put(Call call) {
        JsonBody body = call.body().knowing(DocumentBody.DOCUMENT, "stage");
        TaskRef name = call.api();
        String stage = ApiFields.stage(body, FIRST_STAGE);
        String document = body.text(DocumentBody.DOCUMENT);
        requireMatch(call, call.catalog());
        return CompletableFuture.supplyAsync(
                        () -> ApiDocuments.check(document, call.account()), settings.disk())
                .thenComposeAsync(
                        checked ->
                                persistent(
                                        call,
                                        now -> revised(call, now, name, stage, checked),
                                        TRIES),
                        call.exchange()::onLoop);
    }

    /** What is to be written, and what else must be as it was when that was decided. */
    private record Step(List<Draft> drafts, List<Precondition> preconditions, Reply.Whole reply) {}

    private Step revised(
            Call call, Catalog now, TaskRef name, String stage, ApiDocuments.Checked checked) {
        AccountNames.requireFree(now, name, RecordKind.API);
        Optional<Stamped<ApiRecord>> before = requireMatch(call, now);
        List<Precondition> preconditions =
                new ArrayList<>(ApiMembers.require(now, name, checked.api()));
        preconditions.addAll(AccountNames.free(name, RecordKind.API));
        Instant created = Instant.ofEpochMilli(settings.clock().millis());
        ApiWrite write =
                ApiWrite.next(now.apis(call.account()), name, stage, checked.packed(), created);
        preconditions.add(Precondition.absent(RecordKind.API_REVISION, write.revision().key()));
        preconditions.add(asKnown(name, before));
        Reply.Whole reply =
                before.isPresent()
                        ? Reply.ok(ApiFields.of(write.after()))
                        : Reply.created("/v1/apis/" + name.name(), ApiFields.of(write.after()));
        return new Step(write.drafts(), preconditions, reply);
    }

    /** Has a stage of its own say what another one has, or an earlier revision. */
    CompletionStage<Reply> deploy(Call call) {
        JsonBody body = call.body().knowing("stage", "revision", "from");
        String stage = ApiFields.stage(body);
        return staged(call, api -> ApiWrite.staged(api, stage, wanted(body, api)), stage);
    }

    private static int wanted(JsonBody body, ApiRecord api) {
        if (body.has("revision") == body.has("from")) {
            throw RefusedException.invalid("revision", "either this or from must be there");
        }
        if (!body.has("revision")) {
            return stage(api, body.text("from")).revision();
        }
        int revision = body.positive("revision");
        if (revision > api.newest()) {
            throw notKept(api.name().name(), revision);
        }
        return revision;
    }

    static ApiStage stage(ApiRecord api, String name) {
        return Optional.ofNullable(api.stages().get(name))
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        ControlError.STAGE_NOT_FOUND,
                                        "%s has the stages %s"
                                                .formatted(
                                                        api.name().name(),
                                                        String.join(", ", api.stages().keySet()))));
    }

    /** Has a stage say what it said before; once more, and it says what it says now. */
    CompletionStage<Reply> rollback(Call call) {
        String stage = ApiFields.stage(call.body().knowing("stage"));
        return staged(
                call,
                api ->
                        api.with(
                                stage,
                                stage(api, stage)
                                        .back()
                                        .orElseThrow(
                                                () ->
                                                        new RefusedException(
                                                                ControlError.NOTHING_BEFORE))),
                stage);
    }

    /**
     * Writes a stage's other revision, whose routes must lead somewhere now.
     *
     * @param change pure
     */
    private CompletionStage<Reply> staged(
            Call call, Function<ApiRecord, ApiRecord> change, String stage) {
        ApiRecord asked = change.apply(required(call, call.catalog()).value());
        ApiRevisionRecord revision =
                revision(
                        call.catalog().apis(call.account()),
                        asked.name().name(),
                        asked.stages().get(stage).revision());
        requireMatch(call, call.catalog());
        return CompletableFuture.supplyAsync(() -> ApiDocuments.read(revision), settings.disk())
                .thenComposeAsync(
                        read ->
                                persistent(
                                        call,
                                        now -> restaged(call, now, change, revision, stage, read),
                                        TRIES),
                        call.exchange()::onLoop);
    }

    private Step restaged(
            Call call,
            Catalog now,
            Function<ApiRecord, ApiRecord> change,
            ApiRevisionRecord read,
            String stage,
            Optional<Api> api) {
        Stamped<ApiRecord> before = required(call, now);
        requireMatch(call, now);
        ApiRecord after = change.apply(before.value());
        ApiRevisionRecord revision =
                revision(
                        now.apis(call.account()),
                        after.name().name(),
                        after.stages().get(stage).revision());
        if (!revision.equals(read)) {
            throw new RefusedException(ControlError.CONFLICT);
        }
        Api says =
                api.orElseThrow(
                        () ->
                                RefusedException.invalid(
                                        "revision", "its document cannot be read any more"));
        List<Precondition> preconditions =
                new ArrayList<>(ApiMembers.require(now, after.name(), says));
        preconditions.add(asKnown(after.name(), Optional.of(before)));
        return new Step(List.of(Draft.of(after)), preconditions, Reply.ok(ApiFields.of(after)));
    }

    static ApiRevisionRecord revision(AccountApis apis, TaskName api, int number) {
        return apis.revision(api, number).orElseThrow(() -> notKept(api, number));
    }

    private static RefusedException notKept(TaskName api, int number) {
        return new RefusedException(
                ControlError.REVISION_NOT_FOUND, "%s keeps no revision %d".formatted(api, number));
    }

    /** Ends a stage: calls by its name find nothing any more. */
    CompletionStage<Reply> deleteStage(Call call) {
        String stage = call.values().get("stage");
        return persistent(
                call,
                now -> {
                    Stamped<ApiRecord> before = required(call, now);
                    requireMatch(call, now);
                    var unused = stage(before.value(), stage);
                    ApiRecord after = before.value().without(stage);
                    return new Step(
                            List.of(Draft.of(after)),
                            List.of(asKnown(after.name(), Optional.of(before))),
                            Reply.ok(ApiFields.of(after)));
                },
                TRIES);
    }

    /** Deletes all of it, and the grants on its name. */
    CompletionStage<Reply> delete(Call call) {
        Stamped<ApiRecord> before = required(call, call.catalog());
        if (call.header("If-Match").isEmpty()) {
            throw RefusedException.invalid(
                    "If-Match", "must be there: the ETag of what is to be deleted, or *");
        }
        requireMatch(call, call.catalog());
        TaskRef name = before.value().name();
        List<Draft> drafts = new ArrayList<>(GrantOperations.deletions(call.catalog(), name));
        call.catalog()
                .apis(call.account())
                .revisions(name.name())
                .forEach(one -> drafts.add(Draft.deletion(RecordKind.API_REVISION, one.key())));
        drafts.add(Draft.deletion(RecordKind.API, name.toString()));
        Step step = new Step(drafts, List.of(asKnown(name, Optional.of(before))), Reply.empty(204));
        return written(call, step)
                .exceptionallyCompose(failure -> TaskOperations.changed(call, failure));
    }

    /** What to write is decided anew by the catalog as it is then, if another writer came first. */
    private CompletionStage<Reply> persistent(
            Call call, Function<Catalog, Step> decide, int triesLeft) {
        return written(call, decide.apply(settings.catalog().get()))
                .exceptionallyCompose(
                        failure -> {
                            Throwable cause = Failures.cause(failure);
                            // What the call asks of the API is asked again with each try.
                            return Writes.isConflict(cause) && triesLeft > 1
                                    ? persistent(call, decide, triesLeft - 1)
                                    : TaskOperations.changed(call, new CompletionException(cause));
                        });
    }

    private CompletionStage<Reply> written(Call call, Step step) {
        return writes.write(
                call,
                step.drafts(),
                step.preconditions(),
                records -> {
                    FeedRecord last = records.getLast();
                    return step.reply().status() == 204
                            ? step.reply()
                            : step.reply().with("ETag", EntityTag.of(last.log(), last.seq()));
                });
    }

    private static Precondition asKnown(TaskRef name, Optional<Stamped<ApiRecord>> before) {
        return new Precondition(
                RecordKind.API,
                name.toString(),
                before.map(Stamped::seq).orElse(Precondition.ABSENT));
    }

    /** That what stands there is what the call was made for. */
    private static Optional<Stamped<ApiRecord>> requireMatch(Call call, Catalog now) {
        Optional<Stamped<ApiRecord>> there = now.apis(call.account()).api(call.api().name());
        EntityTag.requireMatch(
                call, there.map(api -> EntityTag.of(now, call.account(), api.seq())));
        return there;
    }

    static Stamped<ApiRecord> required(Call call, Catalog now) {
        return now.apis(call.account())
                .api(call.api().name())
                .orElseThrow(() -> new RefusedException(ControlError.API_NOT_FOUND));
    }
}
