package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.topology.NetworkView;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Names of a task's versions, and which versions are tried. */
final class AliasOperations {
    static final int MOST_ALIASES = 100;

    private final ControlSettings settings;
    private final Writes writes;
    private final ApiUses uses;

    AliasOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
        this.uses = new ApiUses(settings.disk());
    }

    CompletionStage<Reply> list(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        NetworkView network = settings.network().get();
        ObjectNode json =
                ControlJson.list(
                        "aliases",
                        call.catalog().aliases(task),
                        (one, alias) ->
                                AliasFields.put(
                                        one, alias.value(), CanaryCounts.of(network, alias)));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    /** With what was counted, which has no ETag: that is the record's. */
    CompletionStage<Reply> show(Call call) {
        Stamped<AliasRecord> alias =
                before(call).orElseThrow(() -> new RefusedException(ControlError.ALIAS_NOT_FOUND));
        ObjectNode json =
                AliasFields.of(alias.value(), CanaryCounts.of(settings.network().get(), alias));
        return CompletableFuture.completedFuture(
                Reply.ok(json).with("ETag", tag(call, alias.seq())));
    }

    /** Says what an alias means from now on. */
    CompletionStage<Reply> put(Call call) {
        TaskRecord task = TaskOperations.task(call, call.catalog()).value();
        String name = name(call);
        boolean isLive = name.equals(AliasRecord.LIVE);
        AliasRecord after =
                AliasFields.read(call.body(), task.ref(), name, isLive ? task.live() : 0);
        if (isLive && after.version() != task.live()) {
            throw RefusedException.invalid(
                    "version",
                    "is what calls get, %d: PUT .../live makes another one live"
                            .formatted(task.live()));
        }
        requireVersion(call, after.version());
        after.canary().map(Canary::version).ifPresent(other -> requireVersion(call, other));
        Optional<Stamped<AliasRecord>> before = before(call);
        EntityTag.requireMatch(call, before.map(alias -> tag(call, alias.seq())));
        if (before.isEmpty() && call.catalog().aliases(task.ref()).size() >= MOST_ALIASES) {
            throw AccountOperations.limit("aliases of a task", MOST_ALIASES);
        }
        ObjectNode json = AliasFields.of(after, Optional.empty());
        String path = "/v1/tasks/%s/aliases/%s".formatted(task.ref().name(), name);
        return writes.replace(
                call,
                Draft.of(after),
                before,
                List.of(stands(call)),
                before.isPresent() ? Reply.ok(json) : Reply.created(path, json));
    }

    private static void requireVersion(Call call, int version) {
        if (call.catalog().version(call.task(), version).isEmpty()) {
            throw new RefusedException(
                    ControlError.VERSION_NOT_FOUND, "there is no version " + version);
        }
    }

    CompletionStage<Reply> delete(Call call) {
        Stamped<AliasRecord> before =
                before(call).orElseThrow(() -> new RefusedException(ControlError.ALIAS_NOT_FOUND));
        EntityTag.requireMatch(call, Optional.of(tag(call, before.seq())));
        Qualifier name = Qualifier.of(before.value().name());
        return uses.unlessUsed(
                call,
                call.task(),
                name::equals,
                () ->
                        writes.replace(
                                call,
                                Draft.deletion(RecordKind.ALIAS, before.value().key()),
                                Optional.of(before),
                                List.of(
                                        stands(call),
                                        ApiUses.asKnown(call.catalog(), call.account())),
                                Reply.empty(204)));
    }

    /** A task that is deleted meanwhile leaves no alias behind. */
    private static Precondition stands(Call call) {
        long seq = TaskOperations.task(call, call.catalog()).seq();
        return new Precondition(RecordKind.TASK, call.task().toString(), seq);
    }

    private static Optional<Stamped<AliasRecord>> before(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        return call.catalog().alias(task, name(call));
    }

    private static String tag(Call call, long seq) {
        return TaskOperations.tag(call.catalog(), call.task(), seq);
    }

    private static String name(Call call) {
        String name = call.values().get("alias");
        if (!Qualifier.isAlias(name)) {
            throw RefusedException.invalid(
                    "alias", "must be 1 to 63 of A-Z, a-z, 0-9, - and _, and no number");
        }
        return name;
    }
}
