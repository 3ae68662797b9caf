package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who may call an account's tasks and APIs, beside itself. */
final class GrantOperations {
    static final int MOST_LISTED = 1000;

    /** Of one task; a call looks at those for its caller only. */
    static final int MOST_GRANTS = 100_000;

    /** With all else that is deleted with them they have to go in one step. */
    static final int MOST_DELETED = 2000;

    private final ControlSettings settings;
    private final Writes writes;

    GrantOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
    }

    /** That the grants of something go with it. */
    static List<Draft> deletions(Catalog catalog, TaskRef name) {
        if (catalog.grantCount(name) > MOST_DELETED) {
            throw new RefusedException(
                    ControlError.LIMIT_REACHED,
                    "what has more than %d grants is not deleted: take them back first"
                            .formatted(MOST_DELETED));
        }
        return catalog.grants(name)
                .map(grant -> Draft.deletion(RecordKind.GRANT, grant.value().key()))
                .toList();
    }

    /** The grants of a task, or of an API. */
    CompletionStage<Reply> list(Call call) {
        TaskRef task = AccountNames.granted(call);
        String after = call.query("after").orElse("");
        int limit = (int) call.number("limit", 1, MOST_LISTED, MOST_LISTED);
        List<GrantRecord> some =
                call.catalog()
                        .grants(task)
                        .map(Stamped::value)
                        .filter(grant -> place(grant).compareTo(after) > 0)
                        .limit(limit + 1L)
                        .toList();
        List<GrantRecord> page = some.subList(0, Math.min(limit, some.size()));
        ObjectNode json =
                ControlJson.list(
                        "grants",
                        page,
                        (one, grant) -> GrantFields.put(one, grant, call.catalog()));
        if (some.size() > limit) {
            json.put("next", place(page.getLast()));
        }
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    private static String place(GrantRecord grant) {
        return grant.grantee() + "/" + grant.id();
    }

    /**
     * What an account may call of others, by name and for every account; once it has agreed to what
     * is asked for.
     */
    CompletionStage<Reply> received(Call call) {
        Catalog catalog = call.catalog();
        List<GrantRecord> all =
                List.of(Grantee.of(call.account()), Grantee.EVERY_ACCOUNT).stream()
                        .flatMap(catalog::grantsTo)
                        .filter(grant -> !grant.task().account().equals(call.account()))
                        .filter(grant -> isThere(catalog, grant.task()))
                        .limit(MOST_LISTED)
                        .toList();
        return CompletableFuture.completedFuture(
                Reply.ok(
                        ControlJson.list(
                                "grants", all, (one, grant) -> putReceived(one, grant, call))));
    }

    private static boolean isThere(Catalog catalog, TaskRef name) {
        return catalog.live(name).isPresent() || AccountNames.isApi(catalog, name);
    }

    private static void putReceived(ObjectNode json, GrantRecord grant, Call call) {
        GrantFields.put(json, grant, call.catalog());
        Optional<String> agreed =
                call.catalog()
                        .agreement(call.account(), grant.task())
                        .map(held -> held.value().text());
        grant.terms()
                .agreement()
                .ifPresent(text -> json.put("agreed", agreed.equals(Optional.of(text))));
    }

    CompletionStage<Reply> show(Call call) {
        Stamped<GrantRecord> grant =
                before(call).orElseThrow(() -> new RefusedException(ControlError.GRANT_NOT_FOUND));
        String tag = tag(call, grant.seq());
        return CompletableFuture.completedFuture(
                EntityTag.isKnown(call, tag)
                        ? Reply.empty(304).with("ETag", tag)
                        : Reply.ok(GrantFields.of(grant.value(), call.catalog()))
                                .with("ETag", tag));
    }

    /** Says what a grant says from now on. */
    CompletionStage<Reply> put(Call call) {
        TaskRef task = AccountNames.granted(call);
        GrantRecord after =
                GrantFields.read(call.body(), task, grantee(call), id(call), settings.topology());
        requireAccount(call.catalog(), after.grantee());
        boolean isOfApi = AccountNames.isApi(call.catalog(), task);
        if (!isOfApi) {
            requireVersion(call.catalog(), after);
            return written(call, after);
        }
        return CompletableFuture.runAsync(
                        () -> GrantedRoutes.require(call.catalog(), after), settings.disk())
                .thenComposeAsync(done -> written(call, after), call.exchange()::onLoop);
    }

    private CompletionStage<Reply> written(Call call, GrantRecord after) {
        TaskRef task = after.task();
        Optional<Stamped<GrantRecord>> before = before(call);
        EntityTag.requireMatch(call, before.map(grant -> tag(call, grant.seq())));
        if (before.isEmpty() && call.catalog().grantCount(task) >= MOST_GRANTS) {
            throw AccountOperations.limit("grants of a task", MOST_GRANTS);
        }
        ObjectNode json = GrantFields.of(after, call.catalog());
        String path = "/v1/tasks/%s/grants/%s".formatted(task.name(), place(after));
        return writes.replace(
                call,
                Draft.of(after),
                before,
                List.of(),
                before.isPresent() ? Reply.ok(json) : Reply.created(path, json));
    }

    private static void requireVersion(Catalog catalog, GrantRecord grant) {
        if (!grant.terms().routes().isEmpty()) {
            throw RefusedException.invalid(
                    "routes", "are of APIs: %s is a task".formatted(grant.task().name()));
        }
        int version = grant.only().version();
        if (version > 0 && catalog.version(grant.task(), version).isEmpty()) {
            throw new RefusedException(ControlError.VERSION_NOT_FOUND);
        }
        String alias = grant.only().alias();
        boolean isThere =
                alias.isEmpty()
                        || alias.equals(AliasRecord.LIVE)
                        || catalog.alias(grant.task(), alias).isPresent();
        if (!isThere) {
            throw new RefusedException(ControlError.ALIAS_NOT_FOUND);
        }
    }

    private static void requireAccount(Catalog catalog, Grantee grantee) {
        boolean isThere =
                grantee.account().isEmpty()
                        || grantee.account()
                                .flatMap(catalog::account)
                                .map(AccountRecord::state)
                                .filter(state -> state != AccountState.CLOSED)
                                .isPresent();
        if (!isThere) {
            throw new RefusedException(
                    ControlError.ACCOUNT_NOT_FOUND, "grantee: there is no account " + grantee);
        }
    }

    /**
     * Takes a grant back; its holder is told so from then on. One that was taken back is forgotten.
     */
    CompletionStage<Reply> delete(Call call) {
        Stamped<GrantRecord> before =
                before(call).orElseThrow(() -> new RefusedException(ControlError.GRANT_NOT_FOUND));
        EntityTag.requireMatch(call, Optional.of(tag(call, before.seq())));
        GrantRecord grant = before.value();
        Draft draft =
                grant.revoked()
                        ? Draft.deletion(RecordKind.GRANT, grant.key())
                        : Draft.of(grant.asRevoked());
        return writes.replace(call, draft, Optional.of(before), List.of(), Reply.empty(204));
    }

    private static Optional<Stamped<GrantRecord>> before(Call call) {
        TaskRef task = AccountNames.granted(call);
        String id = id(call);
        return call.catalog().grants(task, grantee(call)).stream()
                .filter(grant -> grant.value().id().equals(id))
                .findFirst();
    }

    private static String tag(Call call, long seq) {
        return TaskOperations.tag(call.catalog(), call.task(), seq);
    }

    private static Grantee grantee(Call call) {
        return JsonBody.checked("grantee", call.values().get("grantee"), Grantee::parse);
    }

    private static String id(Call call) {
        return call.values().get("grant");
    }
}
