package io.runnel.pop;

import io.runnel.attestation.KeyId;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.SealedFetcher;
import io.runnel.cluster.replication.SigningKeyCache;
import io.runnel.cluster.replication.SigningKeyFetcher;
import io.runnel.cluster.replication.SigningKeyHandler.Wanted;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.edge.SignedCalls;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How a POP checks what callers signed: by keys that regions derive for it, never by secrets. */
final class CallerSignatures {
    private CallerSignatures() {}

    /**
     * The check.
     *
     * @param workers where long bodies are hashed
     */
    static SignedCalls checked(
            PopFacts facts,
            Supplier<Catalog> catalog,
            SealedFetcher sealed,
            Executor workers,
            InstantSource clock) {
        SigningKeyFetcher fetcher = new SigningKeyFetcher(sealed);
        SigningKeyCache keys =
                new SigningKeyCache(
                        wanted ->
                                fetcher.fetch(wanted, whoKnows(wanted.key(), facts, catalog.get())),
                        clock);
        return new SignedCalls((key, scope) -> keys.of(new Wanted(key, scope)), workers, clock);
    }

    /** First where the key was made, as a rule: at its account's home. */
    private static List<Peer> whoKnows(KeyId key, PopFacts facts, Catalog now) {
        Stream<Peer> home =
                now.key(key.value()).flatMap(known -> now.account(known.account())).stream()
                        .flatMap(account -> facts.peers(account.home()).stream());
        return Stream.concat(home, facts.regions().stream()).distinct().toList();
    }
}
