package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.placement.CalledName;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Names of an account for calls of what may be others' tasks. */
final class CallerAliasOperations {
    static final int MOST_ALIASES = 1_000;

    private final ControlSettings settings;
    private final Writes writes;

    CallerAliasOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
    }

    CompletionStage<Reply> list(Call call) {
        ObjectNode json =
                ControlJson.list(
                        "aliases",
                        call.catalog().callerAliases(call.account()),
                        (one, alias) -> CallerAliasFields.put(one, alias.value()));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    CompletionStage<Reply> show(Call call) {
        Stamped<CallerAliasRecord> alias = required(call);
        return CompletableFuture.completedFuture(
                Reply.ok(CallerAliasFields.of(alias.value())).with("ETag", tag(call, alias.seq())));
    }

    /**
     * Says what a name stands for from now on; no task of the account may have it. What of it is
     * secret is kept before anything names it.
     */
    CompletionStage<Reply> put(Call call) {
        Map<String, String> secrets = CallerAliasFields.secrets(call.body());
        Optional<SecretBundle> bundle = settings.secrets().bundle(secrets, settings.random());
        CallerAliasRecord after = CallerAliasFields.read(call.body(), call.task(), bundle);
        Catalog catalog = call.catalog();
        if (catalog.stampedTask(after.name()).isPresent()) {
            throw new RefusedException(
                    ControlError.NAME_TAKEN, "the account has a task " + after.name().name());
        }
        requireTask(catalog, after);
        Optional<Stamped<CallerAliasRecord>> before = catalog.callerAlias(after.name());
        EntityTag.requireMatch(call, before.map(alias -> tag(call, alias.seq())));
        if (before.isEmpty() && catalog.callerAliases(call.account()).size() >= MOST_ALIASES) {
            throw AccountOperations.limit("aliases of an account", MOST_ALIASES);
        }
        ObjectNode json = CallerAliasFields.of(after);
        Reply.Whole reply =
                before.isPresent()
                        ? Reply.ok(json)
                        : Reply.created("/v1/aliases/" + after.name().name(), json);
        return settings.secrets()
                .keeping(
                        after.secretKey(),
                        secrets,
                        () ->
                                writes.replace(
                                        call,
                                        Draft.of(after),
                                        before,
                                        List.of(Precondition.absent(RecordKind.TASK, after.key())),
                                        reply));
    }

    /** That it leads to what the account may call now; whoever may not, is told of no task. */
    private static void requireTask(Catalog catalog, CallerAliasRecord alias) {
        CalledName called;
        try {
            called = CalledName.followed(catalog, alias);
        } catch (CalledName.LostException e) {
            throw RefusedException.invalid("of", e.getMessage());
        }
        TaskRef task = called.task();
        Optional<TaskRecord> found = catalog.task(task);
        if (found.filter(it -> mayCall(catalog, alias.name().account(), it)).isEmpty()) {
            throw new RefusedException(
                    ErrorCode.TASK_NOT_FOUND, "the account may call no task " + task);
        }
        Qualifier version = called.version();
        if (version.version() > 0 && catalog.version(task, version.version()).isEmpty()) {
            throw new RefusedException(ControlError.VERSION_NOT_FOUND, task + " has no " + version);
        }
    }

    private static boolean mayCall(Catalog catalog, AccountId account, TaskRecord task) {
        return task.everyone()
                || task.ref().account().equals(account)
                || Stream.of(Grantee.of(account), Grantee.EVERY_ACCOUNT)
                        .flatMap(grantee -> catalog.grants(task.ref(), grantee).stream())
                        .map(Stamped::value)
                        .anyMatch(GrantRecord::allows);
    }

    CompletionStage<Reply> delete(Call call) {
        Stamped<CallerAliasRecord> before = required(call);
        EntityTag.requireMatch(call, Optional.of(tag(call, before.seq())));
        return writes.replace(
                call,
                Draft.deletion(RecordKind.CALLER_ALIAS, before.value().key()),
                Optional.of(before),
                List.of(),
                Reply.empty(204));
    }

    private static Stamped<CallerAliasRecord> required(Call call) {
        return call.catalog()
                .callerAlias(call.task())
                .orElseThrow(() -> new RefusedException(ControlError.ALIAS_NOT_FOUND));
    }

    private static String tag(Call call, long seq) {
        return TaskOperations.tag(call.catalog(), call.task(), seq);
    }
}
