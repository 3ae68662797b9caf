package io.runnel.cluster.replication;

import java.util.concurrent.CompletionStage;

/**
 * Where lines of tasks' logs come to rest: a region's store, or the way to it.
 *
 * <ol>
 *   <li>{@link #append} does not block; the stage completes when the lines are kept, and fails when
 *       they are not (all or none). An exception thrown counts as such a failure.
 *   <li>The same batch may come again after a failure: it keeps its id.
 * </ol>
 */
@FunctionalInterface
public interface LogSink {
    /** Keeps these lines. */
    CompletionStage<Void> append(LogBatch batch);
}
