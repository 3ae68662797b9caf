package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.SecretBundle;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Brings the values of secrets that this node lacks from regions' nodes. Safe for any thread; never
 * blocks.
 *
 * @param sealed how they are asked for
 */
public record SecretFetcher(SealedFetcher sealed) {
    /**
     * The values of a bundle. Fails with a {@link ReplicationException}: why the last peer gave
     * none.
     *
     * @param peers in the order in which they are asked
     */
    public CompletableFuture<Map<String, String>> fetch(SecretBundle.Key key, List<Peer> peers) {
        return sealed.fetch(
                        SecretHandler.PATH + key,
                        SecretHandler.about(key),
                        SecretText.MOST_BYTES * 2,
                        peers)
                .thenApply(SecretFetcher::read);
    }

    private static Map<String, String> read(byte[] text) {
        return SecretText.read(text)
                .orElseThrow(
                        () ->
                                new ReplicationException(
                                        Code.PEER_REFUSED, "what it answered are no secrets"));
    }
}
