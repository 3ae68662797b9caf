package io.runnel.cluster.hazelcast;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The map of a cluster that its nodes share, as a board sees it. */
interface SharedMap {
    /** Sets a value that vanishes after {@code life}; fails if the cluster is away. Never waits. */
    CompletionStage<Void> set(String key, byte[] value, Duration life);

    /** Takes a value back; fails if the cluster is away. Never waits. */
    CompletionStage<Void> remove(String key);

    /**
     * Every value. Waits for the cluster.
     *
     * @throws RuntimeException if the cluster is away
     */
    Map<String, byte[]> readAll();
}
