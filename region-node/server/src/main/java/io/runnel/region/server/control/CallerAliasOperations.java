package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.SecretBundle;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.placement.CalledName;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Names of an account for calls of what may be others' tasks. */
final class CallerAliasOperations {
    static final int MOST_ALIASES = 1_000;

    private final ControlSettings settings;
    private final Writes writes;
    private final ApiUses uses;

    CallerAliasOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
        this.uses = new ApiUses(settings.disk());
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
     * Says what a name stands for from now on; no task or API of the account may have it. What of
     * it is secret is kept before anything names it.
     */
    CompletionStage<Reply> put(Call call) {
        Map<String, String> secrets = CallerAliasFields.secrets(call.body());
        Optional<SecretBundle> bundle = settings.secrets().bundle(secrets, settings.random());
        CallerAliasRecord after = CallerAliasFields.read(call.body(), call.task(), bundle);
        Catalog catalog = call.catalog();
        AccountNames.requireFree(catalog, after.name(), RecordKind.CALLER_ALIAS);
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
                                        AccountNames.free(after.name(), RecordKind.CALLER_ALIAS),
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
        CallableTask.require(catalog, alias.name().account(), called.task(), called.version());
    }

    CompletionStage<Reply> delete(Call call) {
        Stamped<CallerAliasRecord> before = required(call);
        EntityTag.requireMatch(call, Optional.of(tag(call, before.seq())));
        return uses.unlessUsed(
                call,
                call.task(),
                named -> true,
                () ->
                        writes.replace(
                                call,
                                Draft.deletion(RecordKind.CALLER_ALIAS, before.value().key()),
                                Optional.of(before),
                                List.of(ApiUses.asKnown(call.catalog(), call.account())),
                                Reply.empty(204)));
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
