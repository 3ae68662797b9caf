package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Tasks: listing, showing, taking another version live, deleting. */
final class TaskOperations {
    static final int MOST_LISTED = 1000;

    private final ControlSettings settings;
    private final Writes writes;
    private final ApiUses uses;

    TaskOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
        this.uses = new ApiUses(settings.disk());
    }

    static RefusedException notFound() {
        return new RefusedException(ErrorCode.TASK_NOT_FOUND);
    }

    static Stamped<TaskRecord> task(Call call, Catalog catalog) {
        return catalog.stampedTask(call.task()).orElseThrow(TaskOperations::notFound);
    }

    /** The ETag of a task: of its record at its account's home. */
    static String tag(Catalog catalog, TaskRef ref, long seq) {
        return EntityTag.of(catalog, ref.account(), seq);
    }

    CompletionStage<Reply> list(Call call) {
        String after = call.query("after").orElse("");
        int limit = (int) call.number("limit", 1, MOST_LISTED, MOST_LISTED);
        List<TaskRecord> all =
                call.catalog().tasks(call.account()).stream()
                        .filter(t -> t.ref().name().value().compareTo(after) > 0)
                        .limit(limit + 1L)
                        .toList();
        List<TaskRecord> page = all.subList(0, Math.min(limit, all.size()));
        ObjectNode json =
                ControlJson.list(
                        "tasks",
                        page,
                        (one, task) -> ControlJson.put(one, task, call.catalog().live(task.ref())));
        if (all.size() > limit) {
            json.put("next", page.getLast().ref().name().value());
        }
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    CompletionStage<Reply> show(Call call) {
        Stamped<TaskRecord> task = task(call, call.catalog());
        String tag = tag(call.catalog(), task.value().ref(), task.seq());
        Optional<VersionRecord> live = call.catalog().live(task.value().ref());
        return CompletableFuture.completedFuture(
                EntityTag.isKnown(call, tag)
                        ? Reply.empty(304).with("ETag", tag)
                        : Reply.ok(ControlJson.of(task.value(), live)).with("ETag", tag));
    }

    CompletionStage<Reply> versions(Call call) {
        TaskRecord task = task(call, call.catalog()).value();
        ObjectNode json =
                ControlJson.list(
                        "versions",
                        call.catalog().versions(task.ref()),
                        (one, version) ->
                                ControlJson.put(
                                        one, version, version.task().version() == task.live()));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    CompletionStage<Reply> showVersion(Call call) {
        TaskRecord task = task(call, call.catalog()).value();
        VersionRecord version = version(call.catalog(), task.ref(), call.version());
        ObjectNode json = ControlJson.object();
        ControlJson.put(json, version, call.version() == task.live());
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    private static VersionRecord version(Catalog catalog, TaskRef ref, int version) {
        return catalog.version(ref, version)
                .orElseThrow(() -> new RefusedException(ControlError.VERSION_NOT_FOUND));
    }

    /** Makes another version the one that calls get. */
    CompletionStage<Reply> setLive(Call call) {
        int wanted = call.body().knowing("version").positive("version");
        Stamped<TaskRecord> before = task(call, call.catalog());
        TaskRef ref = before.value().ref();
        VersionRecord version = version(call.catalog(), ref, wanted);
        EntityTag.requireMatch(call, Optional.of(tag(call.catalog(), ref, before.seq())));
        TaskRecord after = before.value().at(wanted);
        List<Draft> drafts = new ArrayList<>();
        endOfCanary(call.catalog(), ref).ifPresent(drafts::add);
        drafts.add(Draft.of(after));
        return writes.write(
                        call,
                        drafts,
                        // Versions go only in a step that changes the task too.
                        List.of(new Precondition(RecordKind.TASK, after.key(), before.seq())),
                        records -> liveReply(after, version, records),
                        records -> started(version.task(), records))
                .exceptionallyCompose(failure -> changed(call, failure));
    }

    /** Says how many calls may be under way at once at each node; without a number, any. */
    CompletionStage<Reply> setConcurrency(Call call) {
        OptionalInt asked = concurrent(call.body().knowing("concurrent"));
        Stamped<TaskRecord> before = task(call, call.catalog());
        TaskRef ref = before.value().ref();
        EntityTag.requireMatch(call, Optional.of(tag(call.catalog(), ref, before.seq())));
        TaskRecord after = before.value().atMost(asked);
        return writes.replace(
                call,
                Draft.of(after),
                Optional.of(before),
                List.of(),
                Reply.ok(ControlJson.of(after, call.catalog().live(ref))));
    }

    /** Says whether anyone may call it, without a key. */
    CompletionStage<Reply> setEveryone(Call call, boolean everyone) {
        Stamped<TaskRecord> before = task(call, call.catalog());
        TaskRecord after = before.value().openTo(everyone);
        return writes.replace(
                call,
                Draft.of(after),
                Optional.of(before),
                List.of(),
                Reply.ok(ControlJson.of(after, call.catalog().live(after.ref()))));
    }

    private static OptionalInt concurrent(JsonBody body) {
        return body.has("concurrent")
                ? OptionalInt.of(body.whole("concurrent", TaskRecord.MOST_CONCURRENT))
                : OptionalInt.empty();
    }

    private static Reply.Whole liveReply(
            TaskRecord after, VersionRecord version, List<FeedRecord> records) {
        FeedRecord last = records.getLast();
        return Reply.ok(ControlJson.of(after, Optional.of(version)))
                .with("ETag", EntityTag.of(last.log(), last.seq()));
    }

    /** What was tried while another version was live is not tried any more. */
    static Optional<Draft> endOfCanary(Catalog catalog, TaskRef ref) {
        return catalog.alias(ref, AliasRecord.LIVE)
                .map(alias -> Draft.deletion(RecordKind.ALIAS, alias.value().key()));
    }

    /** A task's other version is on its way to the nodes. */
    void started(Task task, List<FeedRecord> records) {
        FeedRecord last = records.getLast();
        settings.rollout()
                .started(
                        new Rollout.Publication(
                                task.ref(), task.version(), settings.region(), Position.of(last)));
    }

    /** Another writer came between the snapshot and the write. */
    static CompletionStage<Reply> changed(Call call, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (!Writes.isConflict(cause)) {
            return CompletableFuture.failedFuture(new CompletionException(cause));
        }
        return CompletableFuture.failedFuture(
                new RefusedException(
                        EntityTag.isConditional(call)
                                ? ControlError.PRECONDITION_FAILED
                                : ControlError.CONFLICT));
    }

    CompletionStage<Reply> delete(Call call) {
        Stamped<TaskRecord> task = task(call, call.catalog());
        TaskRef ref = task.value().ref();
        EntityTag.requireMatch(call, Optional.of(tag(call.catalog(), ref, task.seq())));
        List<Draft> drafts = new ArrayList<>();
        drafts.add(Draft.deletion(RecordKind.TASK, ref.toString()));
        call.catalog()
                .versions(ref)
                .forEach(v -> drafts.add(Draft.deletion(RecordKind.VERSION, v.key())));
        drafts.addAll(GrantOperations.deletions(call.catalog(), ref));
        call.catalog()
                .aliases(ref)
                .forEach(a -> drafts.add(Draft.deletion(RecordKind.ALIAS, a.value().key())));
        Precondition asKnown = new Precondition(RecordKind.TASK, ref.toString(), task.seq());
        return uses.unlessUsed(
                call,
                ref,
                named -> true,
                () ->
                        writes.write(
                                        call,
                                        drafts,
                                        List.of(
                                                asKnown,
                                                ApiUses.asKnown(call.catalog(), ref.account())),
                                        records -> Reply.empty(204))
                                .exceptionallyCompose(failure -> changed(call, failure)));
    }
}
