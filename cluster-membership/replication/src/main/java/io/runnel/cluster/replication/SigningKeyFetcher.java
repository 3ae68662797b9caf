package io.runnel.cluster.replication;

import io.runnel.attestation.signature.SigningKey;
import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.cluster.replication.SigningKeyHandler.Wanted;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Brings signing keys from the regions that have callers' secrets. Safe for any thread; never
 * blocks.
 *
 * @param sealed how they are asked for
 */
public record SigningKeyFetcher(SealedFetcher sealed) {
    /**
     * One of them. Fails with a {@link ReplicationException}: why the last peer gave none.
     *
     * @param peers in the order in which they are asked
     */
    public CompletableFuture<SigningKey> fetch(Wanted wanted, List<Peer> peers) {
        return sealed.fetch(
                        SigningKeyHandler.PATH + wanted,
                        SigningKeyHandler.about(wanted),
                        SigningKeyHandler.MOST_BYTES,
                        peers)
                .thenApply(SigningKeyFetcher::read);
    }

    private static SigningKey read(byte[] bytes) {
        return SigningKey.of(bytes)
                .orElseThrow(
                        () ->
                                new ReplicationException(
                                        Code.PEER_REFUSED, "what it answered is no signing key"));
    }
}
