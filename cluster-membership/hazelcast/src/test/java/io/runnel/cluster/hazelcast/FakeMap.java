package io.runnel.cluster.hazelcast;

import io.runnel.topology.NodeStatusJson;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cluster's map in memory, whose writes are done when a test says so. */
final class FakeMap implements SharedMap {
    final Map<String, byte[]> values = new HashMap<>();
    final List<CompletableFuture<Void>> writes = new ArrayList<>();
    boolean away;

    @Override
    public CompletionStage<Void> set(String key, byte[] value, Duration life) {
        CompletableFuture<Void> write = new CompletableFuture<>();
        writes.add(write);
        if (away) {
            write.completeExceptionally(new IllegalStateException("away"));
        } else {
            values.put(key, value);
        }
        return write;
    }

    @Override
    public CompletionStage<Void> remove(String key) {
        values.remove(key);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, byte[]> readAll() {
        if (away) {
            throw new IllegalStateException("away");
        }
        return Map.copyOf(values);
    }

    Optional<Long> calls(String key) {
        return Optional.ofNullable(values.get(key)).map(v -> NodeStatusJson.decode(v).calls());
    }

    void arrive() {
        writes.getLast().complete(null);
    }
}
