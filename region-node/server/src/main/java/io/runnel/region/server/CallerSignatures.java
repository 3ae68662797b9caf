package io.runnel.region.server;

import io.runnel.attestation.signature.SigningKey;
import io.runnel.cluster.replication.SealedFetcher;
import io.runnel.cluster.replication.SigningKeyCache;
import io.runnel.cluster.replication.SigningKeyFetcher;
import io.runnel.cluster.replication.SigningKeyHandler.Wanted;
import io.runnel.routing.edge.SignedCalls;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * How a region's node checks what callers signed, also what a POP has checked: by the secrets that
 * were made in its region, else by keys that another region derives for it.
 */
final class CallerSignatures {
    private CallerSignatures() {}

    /**
     * The check.
     *
     * @param workers where long bodies are hashed
     */
    static SignedCalls checked(
            RegionFacts facts,
            RegionState state,
            SealedFetcher sealed,
            Executor workers,
            InstantSource clock) {
        CallerSecrets here = new CallerSecrets(state.store(), state.seal(), clock);
        SigningKeyFetcher there = new SigningKeyFetcher(sealed);
        SigningKeyCache keys =
                new SigningKeyCache(
                        wanted ->
                                here.signingKey(wanted)
                                        .thenCompose(found -> or(found, facts, there, wanted)),
                        clock);
        return new SignedCalls((key, scope) -> keys.of(new Wanted(key, scope)), workers, clock);
    }

    private static CompletableFuture<SigningKey> or(
            Optional<SigningKey> found, RegionFacts facts, SigningKeyFetcher there, Wanted wanted) {
        return found.map(CompletableFuture::completedFuture)
                .orElseGet(() -> there.fetch(wanted, facts.codeSources()));
    }
}
