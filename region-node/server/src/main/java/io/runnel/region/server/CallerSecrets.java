package io.runnel.region.server;

import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.cluster.replication.SigningKeyHandler.Wanted;
import io.runnel.cluster.store.RegionStore;
import io.runnel.region.server.control.SecretSeal;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The secrets of callers' keys that were made in this region: sealed in its store, and told nobody.
 * Safe for any thread; never blocks.
 */
record CallerSecrets(RegionStore store, SecretSeal seal, InstantSource clock) {
    /** What a secret gives for a scope of about now; nothing if the secret is not here. */
    CompletableFuture<Optional<SigningKey>> signingKey(Wanted wanted) {
        if (!wanted.scope().isNear(clock.instant())) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        KeyId key = wanted.key();
        return store.secret(key.value())
                .thenApply(
                        kept ->
                                kept.flatMap(one -> seal.open("key " + key, one))
                                        .map(secret -> SigningKey.derive(secret, wanted.scope())));
    }
}
