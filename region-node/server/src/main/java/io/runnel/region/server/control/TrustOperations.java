package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.federation.ForeignTokenException;
import io.runnel.attestation.federation.ForeignTokens;
import io.runnel.attestation.federation.IssuerKeySet;
import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TrustRecord;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Whose tokens an account believes, and keys for those who bring one. */
final class TrustOperations {
    static final int MOST_TRUSTS = 20;

    /** Of those that were given for tokens and have not ended. */
    static final int MOST_KEYS = 200;

    private final ControlSettings settings;
    private final Writes writes;
    private final Executor worker;
    private final IssuerKeys issuers;

    TrustOperations(ControlSettings settings, Writes writes, Executor worker) {
        this.settings = settings;
        this.writes = writes;
        this.worker = worker;
        this.issuers = new IssuerKeys(settings.web(), settings.nanoClock());
    }

    CompletionStage<Reply> list(Call call) {
        ObjectNode json =
                ControlJson.list(
                        "trusts",
                        call.catalog().trusts(call.account()),
                        (one, trust) -> TrustFields.put(one, trust.value()));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    CompletionStage<Reply> show(Call call) {
        Stamped<TrustRecord> trust = required(call);
        return CompletableFuture.completedFuture(
                Reply.ok(TrustFields.of(trust.value())).with("ETag", tag(call, trust.seq())));
    }

    CompletionStage<Reply> put(Call call) {
        TrustRecord after = TrustFields.read(call.body(), call.account(), name(call));
        Optional<Stamped<TrustRecord>> before = call.catalog().trust(call.account(), name(call));
        EntityTag.requireMatch(call, before.map(trust -> tag(call, trust.seq())));
        if (before.isEmpty() && call.catalog().trusts(call.account()).size() >= MOST_TRUSTS) {
            throw AccountOperations.limit("trusts of an account", MOST_TRUSTS);
        }
        ObjectNode json = TrustFields.of(after);
        String path = "/v1/accounts/%s/trusts/%s".formatted(call.account(), after.name());
        return writes.replace(
                call,
                Draft.of(after),
                before,
                List.of(),
                before.isPresent() ? Reply.ok(json) : Reply.created(path, json));
    }

    CompletionStage<Reply> delete(Call call) {
        Stamped<TrustRecord> before = required(call);
        EntityTag.requireMatch(call, Optional.of(tag(call, before.seq())));
        return writes.replace(
                call,
                Draft.deletion(RecordKind.TRUST, before.value().key()),
                Optional.of(before),
                List.of(),
                Reply.empty(204));
    }

    private static Stamped<TrustRecord> required(Call call) {
        return call.catalog()
                .trust(call.account(), name(call))
                .orElseThrow(() -> new RefusedException(ControlError.TRUST_NOT_FOUND));
    }

    private static String tag(Call call, long seq) {
        return EntityTag.of(call.catalog(), call.account(), seq);
    }

    private static String name(Call call) {
        String name = call.values().get("trust");
        if (!TaskName.isValid(name)) {
            throw new RefusedException(ControlError.TRUST_NOT_FOUND);
        }
        return name;
    }

    /**
     * Gives a key for a token. Whoever brings a token that is not its issuer's learns nothing of
     * the account; who brings a true one is told what it lacks.
     */
    CompletionStage<Reply> exchange(Call call) {
        String token = call.body().knowing("token").text("token");
        AccountId owner = owner(call);
        TrustRecord trust =
                call.catalog()
                        .account(owner)
                        .filter(AccountRecord::isActive)
                        .filter(account -> account.leaving().isEmpty())
                        .flatMap(account -> call.catalog().trust(owner, name(call)))
                        .map(Stamped::value)
                        .orElseThrow(TrustOperations::rejected);
        return CompletableFuture.supplyAsync(() -> believed(trust, token), worker)
                .thenComposeAsync(unused -> give(trust), call.exchange()::onLoop);
    }

    private static AccountId owner(Call call) {
        String owner = call.values().get("owner");
        if (!AccountId.isValid(owner)) {
            throw rejected();
        }
        return new AccountId(owner);
    }

    private static RefusedException rejected() {
        return new RefusedException(
                ControlError.TOKEN_REJECTED, "there is no such trust, or it is not of its issuer");
    }

    /** Blocks: the issuer may have to be asked. */
    private boolean believed(TrustRecord trust, String token) {
        Map<String, String> claims;
        try {
            claims =
                    ForeignTokens.check(
                            token,
                            keys(trust, token),
                            trust.issuer(),
                            trust.audience(),
                            settings.clock().instant());
        } catch (ForeignTokenException e) {
            throw e.isItsIssuers()
                    ? new RefusedException(ControlError.TOKEN_REJECTED, e.getMessage())
                    : rejected();
        } catch (IOException e) {
            throw new RefusedException(ControlError.ISSUER_UNREACHABLE, e.getMessage());
        }
        trust.claims()
                .forEach(
                        (claim, asked) -> {
                            String said = claims.getOrDefault(claim, "");
                            if (!TrustRecord.matches(asked, said)) {
                                throw new RefusedException(
                                        ControlError.TOKEN_REJECTED,
                                        "its claim %s is not as the trust asks".formatted(claim));
                            }
                        });
        return true;
    }

    private IssuerKeySet keys(TrustRecord trust, String token)
            throws IOException, ForeignTokenException {
        return trust.keys().isPresent()
                ? IssuerKeySet.parse(trust.keys().get())
                : issuers.of(trust.issuer(), ForeignTokens.keyId(token));
    }

    private CompletionStage<Reply> give(TrustRecord trust) {
        Catalog now = settings.catalog().get();
        AccountId owner = trust.account();
        Instant instant = settings.clock().instant();
        Optional<Stamped<TrustRecord>> still = now.trust(owner, trust.name());
        if (still.filter(it -> it.value().equals(trust)).isEmpty()) {
            throw rejected();
        }
        Map<Boolean, List<KeyRecord>> given =
                now.keys(owner).stream()
                        .filter(key -> key.trust().isPresent())
                        .collect(
                                Collectors.partitioningBy(
                                        key -> key.rights().holdAt(instant.toEpochMilli())));
        if (given.get(true).size() >= MOST_KEYS) {
            throw AccountOperations.limit("keys for tokens of an account", MOST_KEYS);
        }
        List<Draft> drafts = new ArrayList<>();
        given.get(false).forEach(over -> drafts.add(Draft.deletion(RecordKind.KEY, over.key())));
        BearerToken made = BearerToken.generate(settings.random());
        KeyRights rights =
                new KeyRights(
                        trust.rights().scopes(),
                        trust.rights().tasks(),
                        Optional.of(instant.plus(trust.lifetime())));
        KeyRecord key =
                new KeyRecord(
                        made.id().value(),
                        owner,
                        made.secretSha256(),
                        rights,
                        Optional.of(trust.name()));
        drafts.add(Draft.of(key));
        ObjectNode json = ControlJson.object();
        ControlJson.put(json, key);
        json.put("account", owner.value());
        json.put("secret", made.secret());
        json.put("token", made.text());
        // The secret first: one without a key is no harm, a key without its secret is.
        return settings.store()
                .putSecret(key.id(), settings.seal().seal("key " + key.id(), made.secret()))
                .thenCompose(
                        done ->
                                writes.writeOf(
                                        owner,
                                        now,
                                        drafts,
                                        List.of(
                                                new Precondition(
                                                        RecordKind.TRUST,
                                                        trust.key(),
                                                        still.get().seq()),
                                                Precondition.absent(RecordKind.KEY, key.key())),
                                        records ->
                                                new Reply.Whole(201, Map.of(), Optional.of(json))))
                .thenCompose(reply -> forget(given.get(false)).thenApply(done -> reply));
    }

    private CompletionStage<Void> forget(List<KeyRecord> over) {
        return CompletableFuture.allOf(
                over.stream()
                        .map(key -> settings.store().deleteSecret(key.id()).toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }
}
