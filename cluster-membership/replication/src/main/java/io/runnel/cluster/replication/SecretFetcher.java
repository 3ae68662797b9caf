package io.runnel.cluster.replication;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.seal.RecipientSeal;
import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.SecretBundle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Brings the values of secrets that this node lacks from regions' nodes, to which it shows its
 * document; what they answer only it can read. A peer that has them not, or does not give them, is
 * passed over for the next. Safe for any thread; never blocks.
 */
public final class SecretFetcher {
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final InternalClient client;
    private final NodeIdentity own;
    private final Executor workers;

    /**
     * That of a node.
     *
     * @param own whose keys what comes was sealed to
     * @param workers where it is opened: never an event loop
     */
    public SecretFetcher(InternalClient client, NodeIdentity own, Executor workers) {
        this.client = client;
        this.own = own;
        this.workers = workers;
    }

    /**
     * The values of a bundle. Fails with a {@link ReplicationException}: why the last peer gave
     * none.
     *
     * @param peers in the order in which they are asked
     */
    public CompletableFuture<Map<String, String>> fetch(SecretBundle.Key key, List<Peer> peers) {
        return fetch(key, peers, 0, absent());
    }

    private static ReplicationException absent() {
        return new ReplicationException(Code.PEER_REFUSED, "there is no node to ask");
    }

    private CompletableFuture<Map<String, String>> fetch(
            SecretBundle.Key key, List<Peer> peers, int next, Throwable before) {
        if (next == peers.size()) {
            return CompletableFuture.failedFuture(before);
        }
        return client.secrets(peers.get(next), key, IDLE)
                .toCompletionStage()
                .thenApplyAsync(answer -> opened(key, answer), workers)
                .toCompletableFuture()
                .exceptionallyCompose(
                        failure -> fetch(key, peers, next + 1, Causes.unwrap(failure)));
    }

    private Map<String, String> opened(SecretBundle.Key key, InternalClient.Sealed answer) {
        return own.key(answer.to())
                .flatMap(
                        mine ->
                                RecipientSeal.open(
                                        mine, SecretHandler.about(key), answer.text().getBytes()))
                .flatMap(SecretText::read)
                .orElseThrow(
                        () ->
                                new ReplicationException(
                                        Code.PEER_REFUSED,
                                        "what it answered is not sealed to this node"));
    }
}
