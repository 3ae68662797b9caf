package io.runnel.cluster.replication;

import io.runnel.routing.usage.UsageBatch;

import java.util.concurrent.CompletionStage;

/**
 * Where usage records come to rest: a region's ledger, or the way to it. Does not block; the same
 * batch may come again.
 */
@FunctionalInterface
public interface UsageSink {
    /** Takes a batch; the place in its spool before which everything is kept then. */
    CompletionStage<Long> take(UsageBatch batch);
}
