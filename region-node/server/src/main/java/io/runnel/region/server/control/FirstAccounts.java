package io.runnel.region.server.control;

import io.runnel.attestation.BearerToken;
import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.cluster.store.RegionStore;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.RecordKind;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Accounts that are there before anybody could ask for one: the administrator's. For the registry
 * region's node, at its start.
 */
public final class FirstAccounts {
    private FirstAccounts() {}

    /**
     * Sees to it that there is this account, with this key. Nothing is written if so already.
     *
     * @param catalog as loaded from the store
     * @param token the key, from the credentials file
     */
    public static CompletionStage<Void> ensure(
            RegionStore store,
            Catalog catalog,
            AccountRecord account,
            BearerToken token,
            SecretSeal seal) {
        KeyRecord key = new KeyRecord(token.id().value(), account.id(), token.secretSha256());
        List<Draft> drafts = new ArrayList<>();
        List<Precondition> preconditions = new ArrayList<>();
        if (catalog.account(account.id()).isEmpty()) {
            drafts.add(Draft.of(account));
            preconditions.add(Precondition.absent(RecordKind.ACCOUNT, account.key()));
        }
        if (catalog.key(key.id()).isEmpty()) {
            drafts.add(Draft.of(key));
            preconditions.add(Precondition.absent(RecordKind.KEY, key.key()));
        }
        return drafts.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : store.putSecret(key.id(), seal.seal("key " + key.id(), token.secret()))
                        .thenCompose(done -> store.append(drafts, preconditions))
                        .thenAccept(written -> {});
    }
}
