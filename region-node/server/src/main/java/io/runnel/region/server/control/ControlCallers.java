package io.runnel.region.server.control;

import io.runnel.attestation.signature.SignatureV4;
import io.runnel.exec.http.CallerProof;
import io.runnel.exec.http.Credentials;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.vertx.core.http.HttpServerRequest;

import java.util.Optional;

/** Who asks, and whether its key lets it. Safe for any thread. */
final class ControlCallers {
    private final ControlSettings settings;
    private final KeyUses uses;

    ControlCallers(ControlSettings settings) {
        this.settings = settings;
        this.uses = new KeyUses(settings.store().usage(), settings.clock());
    }

    /** Who asks, as far as the head of a request tells. */
    sealed interface Claim {
        /** It showed a key. */
        record Proved(Caller.Keyed caller) implements Claim {}

        /** It says that it signed the request, which is not checked yet. */
        record Signed(SignatureV4 signature, KeyFacts facts) implements Claim {}
    }

    /**
     * What a request claims.
     *
     * @throws RefusedException if it shows nothing that could prove a caller to this route
     */
    Claim claim(Route route, HttpServerRequest request, Catalog catalog) {
        Credentials shown = Credentials.of(request.headers());
        if (route.isLambda() && shown instanceof Credentials.Signed(SignatureV4 signature)) {
            return new Claim.Signed(
                    signature,
                    facts(catalog, signature.key().value())
                            .orElseThrow(() -> new RefusedException(Problem.of(shown.flaw()))));
        }
        if (CallerProof.check(shown, id -> facts(catalog, id.value()))
                instanceof CallerProof.Proved(Caller.Keyed keyed)) {
            return new Claim.Proved(keyed);
        }
        if (!route.isLambda()) {
            request.response().putHeader("WWW-Authenticate", "Bearer realm=\"runnel\"");
        }
        throw new RefusedException(Problem.of(shown.flaw()));
    }

    private Optional<KeyFacts> facts(Catalog catalog, String id) {
        return catalog.key(id)
                .filter(key -> key.rights().holdAt(settings.clock().millis()))
                .map(key -> new KeyFacts(key.account(), key.secretSha256()));
    }

    /** Lets in who proved itself, if its key is for such requests, and its account is active. */
    void admit(Route route, Catalog catalog, Caller.Keyed caller) {
        requireRights(route, catalog.key(caller.keyId()).map(KeyRecord::rights));
        requireActive(catalog, caller.account());
        if (home(catalog, caller.account()).equals(settings.region())) {
            uses.used(caller.keyId());
        }
    }

    /** Where an account's requests are done. */
    RegionId home(Catalog catalog, AccountId account) {
        return catalog.account(account).map(AccountRecord::home).orElse(settings.region());
    }

    private static void requireRights(Route route, Optional<KeyRights> rights) {
        route.scope()
                .filter(scope -> rights.filter(held -> held.allow(scope)).isEmpty())
                .ifPresent(
                        scope -> {
                            throw new RefusedException(
                                    ErrorCode.ACCESS_DENIED,
                                    "the key lacks the scope " + scope.label());
                        });
    }

    private static void requireActive(Catalog catalog, AccountId account) {
        catalog.account(account)
                .filter(known -> !known.isActive())
                .ifPresent(
                        known -> {
                            throw new RefusedException(
                                    ErrorCode.ACCESS_DENIED,
                                    "account %s is %s".formatted(account, known.state().label()));
                        });
    }

    /** A key for some tasks, or APIs, is for these also where a path names them. */
    static void requireTask(Optional<KeyScope> wanted, Call call) {
        if (wanted.isEmpty() || call.keyId().isEmpty()) {
            return;
        }
        if (call.values().containsKey("task")) {
            requireTask(wanted.get(), call, call.task());
        } else if (call.values().containsKey("api")) {
            requireTask(wanted.get(), call, call.api());
        }
    }

    /** A key for some tasks is for these also where something else names them. */
    static void requireTask(KeyScope scope, Call call, TaskRef task) {
        boolean isAllowed =
                call.catalog()
                        .key(call.keyId())
                        .filter(key -> key.rights().allow(scope, task))
                        .isPresent();
        if (!isAllowed) {
            throw new RefusedException(ErrorCode.ACCESS_DENIED, "the key is not for " + task);
        }
    }
}
