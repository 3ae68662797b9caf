package io.runnel.region.server.control;

import io.runnel.exec.task.CodeDigest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The other nodes of this node's region, as far as writing concerns them. Safe for any thread;
 * never blocks.
 */
public interface Companions {
    /** A region of one node. */
    Companions NONE =
            new Companions() {
                @Override
                public boolean mayWrite() {
                    return true;
                }

                @Override
                public CompletionStage<Void> keep(CodeDigest digest) {
                    return CompletableFuture.completedFuture(null);
                }
            };

    /** Whether this node is together with most of the region's nodes. */
    boolean mayWrite();

    /**
     * Whether any other region has confirmed, since this node started, what this node knows; true
     * where there is none. One that was away may have lost accounts to another region.
     */
    default boolean isConfirmed() {
        return true;
    }

    /**
     * Completes once another node of the region holds this code, so that it survives this one; at
     * once in a region of one node. Fails if none can take it.
     */
    CompletionStage<Void> keep(CodeDigest digest);
}
