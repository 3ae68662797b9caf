package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.BearerToken;
import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.catalog.RecordKind;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Accounts and their keys. */
final class AccountOperations {
    static final int MOST_ACCOUNTS = 100_000;
    static final int MOST_KEYS = 20;
    static final int MOST_LISTED = 1000;

    private final ControlSettings settings;
    private final Writes writes;

    AccountOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
    }

    CompletionStage<Reply> create(Call call) {
        JsonBody body = call.body().knowing("name", "home", "admin");
        AccountId name = body.value("name", AccountId::new);
        RegionId home =
                body.optional("home", RegionId::new)
                        .orElseGet(() -> settings.topology().registry().name());
        if (settings.topology().region(home).isEmpty()) {
            throw RefusedException.invalid("home", "there is no such region");
        }
        if (call.catalog().accountCount() >= MOST_ACCOUNTS) {
            throw limit("accounts", MOST_ACCOUNTS);
        }
        boolean admin = body.optionalFlag("admin").orElse(false);
        AccountRecord account = new AccountRecord(name, home, admin);
        return writes.write(
                        call,
                        List.of(Draft.of(account)),
                        List.of(Precondition.absent(RecordKind.ACCOUNT, account.key())),
                        records ->
                                Reply.created("/v1/accounts/" + name, ControlJson.of(account))
                                        .with(
                                                "ETag",
                                                EntityTag.of(
                                                        settings.store().log(),
                                                        records.getFirst().seq())))
                .exceptionallyCompose(AccountOperations::taken);
    }

    private static CompletionStage<Reply> taken(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return CompletableFuture.failedFuture(
                Writes.isConflict(cause)
                        ? new RefusedException(ControlError.ACCOUNT_EXISTS)
                        : new CompletionException(cause));
    }

    static RefusedException limit(String what, int most) {
        return new RefusedException(
                ControlError.LIMIT_REACHED, "%s: at most %d".formatted(what, most));
    }

    CompletionStage<Reply> list(Call call) {
        String after = call.query("after").orElse("");
        int limit = (int) call.number("limit", 1, MOST_LISTED, MOST_LISTED);
        List<AccountRecord> all =
                call.catalog()
                        .accounts()
                        .filter(a -> call.admin() || a.id().equals(call.caller()))
                        .filter(a -> a.id().value().compareTo(after) > 0)
                        .limit(limit + 1L)
                        .toList();
        List<AccountRecord> page = all.subList(0, Math.min(limit, all.size()));
        ObjectNode json = ControlJson.list("accounts", page, ControlJson::put);
        if (all.size() > limit) {
            json.put("next", page.getLast().id().value());
        }
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    CompletionStage<Reply> show(Call call) {
        AccountRecord account = account(call);
        String tag = tag(call, account);
        return CompletableFuture.completedFuture(
                EntityTag.isKnown(call, tag)
                        ? Reply.empty(304).with("ETag", tag)
                        : Reply.ok(ControlJson.of(account)).with("ETag", tag));
    }

    private String tag(Call call, AccountRecord account) {
        RegionId origin =
                account.epoch() == 0 ? settings.topology().registry().name() : account.home();
        return call.catalog()
                .stampedAccount(account.id())
                .map(said -> EntityTag.of(call.catalog(), origin, said.seq()))
                .orElse("");
    }

    /** Says what nodes must be from now on so that they get the account's code and run it. */
    CompletionStage<Reply> require(Call call) {
        Requirements asked = call.body().knowing("facts").requirements("facts");
        AccountRecord before = account(call);
        EntityTag.requireMatch(call, Optional.of(tag(call, before)));
        AccountRecord after = before.requiring(asked);
        return change(call, after);
    }

    /** Says what the account may do from now on. One that is closed stays so. */
    CompletionStage<Reply> setState(Call call) {
        AccountState asked = call.body().knowing("state").value("state", AccountState::parse);
        AccountRecord before = account(call);
        EntityTag.requireMatch(call, Optional.of(tag(call, before)));
        if (before.state() == AccountState.CLOSED && asked != AccountState.CLOSED) {
            throw new RefusedException(ControlError.ACCOUNT_CLOSED);
        }
        if (before.id().equals(call.caller()) && asked != AccountState.ACTIVE) {
            throw RefusedException.invalid("state", "an administrator cannot end its own account");
        }
        return change(call, before.with(asked));
    }

    /** Says how much the account may call from now on; what is not said is not limited. */
    CompletionStage<Reply> setQuota(Call call) {
        JsonBody body =
                call.body()
                        .knowing(
                                "concurrent",
                                "perSecond",
                                "burst",
                                "gbSeconds",
                                "codeMiB",
                                "warmPercent");
        AccountQuota asked = quota(body);
        AccountRecord before = account(call);
        EntityTag.requireMatch(call, Optional.of(tag(call, before)));
        return change(call, before.with(asked));
    }

    private static AccountQuota quota(JsonBody body) {
        try {
            return new AccountQuota(
                    body.optionalPositive("concurrent"),
                    body.optionalPositive("perSecond"),
                    body.optionalPositive("burst"),
                    body.optionalPositive("gbSeconds"),
                    body.optionalPositive("codeMiB"),
                    body.optionalPositive("warmPercent"));
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("quota", e.getMessage());
        }
    }

    private CompletionStage<Reply> change(Call call, AccountRecord after) {
        return writes.write(
                        call,
                        List.of(Draft.of(after)),
                        List.of(),
                        records ->
                                Reply.ok(ControlJson.of(after))
                                        .with(
                                                "ETag",
                                                EntityTag.of(
                                                        settings.store().log(),
                                                        records.getFirst().seq())))
                .exceptionallyCompose(failure -> TaskOperations.changed(call, failure));
    }

    private static AccountRecord account(Call call) {
        return call.catalog()
                .account(call.account())
                .orElseThrow(() -> new RefusedException(ControlError.ACCOUNT_NOT_FOUND));
    }

    /** At their account's home, which knows when each was used last. */
    CompletionStage<Reply> keys(Call call) {
        List<KeyRecord> keys = call.catalog().keys(call.account());
        return settings.store()
                .usage()
                .lastUses(keys.stream().map(KeyRecord::id).toList())
                .thenApply(
                        uses ->
                                Reply.ok(
                                        ControlJson.list(
                                                "keys", keys, (one, key) -> put(one, key, uses))));
    }

    private static void put(ObjectNode json, KeyRecord key, Map<String, Instant> uses) {
        ControlJson.put(json, key);
        Optional.ofNullable(uses.get(key.id()))
                .ifPresent(at -> json.put("lastUsed", at.toString()));
    }

    /** Makes a key; its secret is told in this answer and never again. */
    CompletionStage<Reply> createKey(Call call) {
        KeyRights rights = rights(call.body().knowing("scopes", "tasks", "expires"));
        AccountRecord account = account(call);
        long own =
                call.catalog().keys(account.id()).stream()
                        .filter(key -> key.trust().isEmpty())
                        .count();
        if (own >= MOST_KEYS) {
            throw limit("keys of an account", MOST_KEYS);
        }
        BearerToken token = BearerToken.generate(settings.random());
        KeyRecord key =
                new KeyRecord(token.id().value(), account.id(), token.secretSha256(), rights);
        ObjectNode json = ControlJson.object();
        ControlJson.put(json, key);
        json.put("account", account.id().value());
        json.put("secret", token.secret());
        json.put("token", token.text());
        Reply.Whole reply =
                Reply.created("/v1/accounts/%s/keys/%s".formatted(account.id(), key.id()), json);
        // The secret first: one without a key is no harm, a key without its secret is.
        return settings.store()
                .putSecret(key.id(), settings.seal().seal("key " + key.id(), token.secret()))
                .thenCompose(
                        done ->
                                writes.write(
                                        call,
                                        List.of(Draft.of(key)),
                                        List.of(Precondition.absent(RecordKind.KEY, key.key())),
                                        records -> reply));
    }

    private KeyRights rights(JsonBody body) {
        Set<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
        body.texts("scopes")
                .forEach(one -> scopes.add(JsonBody.checked("scopes", one, KeyScope::parse)));
        Optional<Instant> expires = body.optional("expires", GrantFields::instant);
        if (expires.filter(end -> !end.isAfter(settings.clock().instant())).isPresent()) {
            throw RefusedException.invalid("expires", "must be in the future");
        }
        try {
            return new KeyRights(
                    body.has("scopes") ? scopes : KeyRights.ALL.scopes(),
                    body.texts("tasks"),
                    expires);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("key", e.getMessage());
        }
    }

    CompletionStage<Reply> deleteKey(Call call) {
        String id = call.values().get("key");
        Catalog catalog = call.catalog();
        Optional<KeyRecord> key = catalog.key(id).filter(k -> k.account().equals(call.account()));
        if (key.isEmpty()) {
            throw new RefusedException(ControlError.KEY_NOT_FOUND);
        }
        if (id.equals(call.keyId())) {
            throw new RefusedException(ControlError.KEY_IN_USE);
        }
        return writes.write(
                        call,
                        List.of(Draft.deletion(RecordKind.KEY, id)),
                        List.of(),
                        records -> Reply.empty(204))
                .thenCompose(reply -> settings.store().deleteSecret(id).thenApply(done -> reply));
    }
}
