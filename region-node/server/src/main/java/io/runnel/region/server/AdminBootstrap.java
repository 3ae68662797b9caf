package io.runnel.region.server;

import io.runnel.attestation.CredentialsFile;
import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.task.AccountId;
import io.runnel.region.server.control.FirstAccounts;
import io.runnel.region.server.control.SecretSeal;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;

import java.nio.file.Path;

/**
 * Gives the network its first administrator: the key {@code [admin]} of the data folder's
 * credentials. Only in the registry region; a key that is known already is not written again.
 */
record AdminBootstrap(RegionStore store, SecretSeal seal) {
    private static final String ADMIN = "admin";

    /** Writes what is missing; waits until it is durable. */
    void run(Catalog known, Path credentials) {
        AccountRecord account = new AccountRecord(new AccountId(ADMIN), store.origin(), true);
        new CredentialsFile(credentials)
                .profile(ADMIN)
                .ifPresent(
                        profile ->
                                FirstAccounts.ensure(store, known, account, profile.token(), seal)
                                        .toCompletableFuture()
                                        .join());
    }
}
