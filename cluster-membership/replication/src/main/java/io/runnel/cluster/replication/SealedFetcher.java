package io.runnel.cluster.replication;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.seal.RecipientSeal;
import io.runnel.cluster.replication.ReplicationException.Code;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Asks regions' nodes for what they tell this node alone, and shows them its document. A peer that
 * has it not, or does not give it, is passed over for the next. Safe for any thread; never blocks.
 */
public final class SealedFetcher {
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
    public SealedFetcher(InternalClient client, NodeIdentity own, Executor workers) {
        this.client = client;
        this.own = own;
        this.workers = workers;
    }

    /**
     * What peers answer to a {@code GET}. Fails with a {@link ReplicationException}: why the last
     * one gave nothing.
     *
     * @param about what it must be of
     * @param mostBytes of the answer
     * @param peers in the order in which they are asked
     */
    CompletableFuture<byte[]> fetch(String path, String about, int mostBytes, List<Peer> peers) {
        return new Wanted(path, about, mostBytes)
                .from(
                        peers,
                        0,
                        new ReplicationException(Code.PEER_REFUSED, "there is no node to ask"));
    }

    private final class Wanted {
        private final String path;
        private final String about;
        private final int mostBytes;

        Wanted(String path, String about, int mostBytes) {
            this.path = path;
            this.about = about;
            this.mostBytes = mostBytes;
        }

        CompletableFuture<byte[]> from(List<Peer> peers, int next, Throwable before) {
            if (next == peers.size()) {
                return CompletableFuture.failedFuture(before);
            }
            return client.sealed(peers.get(next), path, mostBytes, IDLE)
                    .toCompletionStage()
                    .thenApplyAsync(this::opened, workers)
                    .toCompletableFuture()
                    .exceptionallyCompose(failure -> from(peers, next + 1, Causes.unwrap(failure)));
        }

        private byte[] opened(InternalClient.Sealed answer) {
            return own.key(answer.to())
                    .flatMap(mine -> RecipientSeal.open(mine, about, answer.text().getBytes()))
                    .orElseThrow(
                            () ->
                                    new ReplicationException(
                                            Code.PEER_REFUSED,
                                            "what it answered is not sealed to this node"));
        }
    }
}
