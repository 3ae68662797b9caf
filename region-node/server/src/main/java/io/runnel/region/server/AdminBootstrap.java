package io.runnel.region.server;

import io.runnel.attestation.CredentialsFile;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.task.AccountId;
import io.runnel.region.server.control.FirstAccounts;
import io.runnel.region.server.control.SecretSeal;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;

import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/**
 * Gives the network its first administrator: the key {@code [admin]} of the data folder's
 * credentials. Only in the registry region; a key that is known already is not written again.
 */
record AdminBootstrap(RegionStore store, SecretSeal seal) {
    private static final String ADMIN = "admin";

    /** Another node of the region that starts at the same time may have come first. */
    private static Void unlessThere(Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        if (cause instanceof StoreException refused
                && refused.code() == StoreException.Code.CONFLICT) {
            return null;
        }
        throw new CompletionException(cause);
    }

    /** Writes what is missing; waits until it is durable. */
    void run(Catalog known, Path credentials) {
        AccountRecord account = new AccountRecord(new AccountId(ADMIN), store.origin(), true);
        new CredentialsFile(credentials)
                .profile(ADMIN)
                .ifPresent(
                        profile ->
                                FirstAccounts.ensure(store, known, account, profile.token(), seal)
                                        .exceptionally(AdminBootstrap::unlessThere)
                                        .toCompletableFuture()
                                        .join());
    }
}
