package io.runnel.cluster.hazelcast;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The newest value of each key that was not looked at yet. Safe for any thread; past its limit new
 * keys are dropped: they come again with their node's next status.
 */
final class Inbox {
    /** More nodes than a topology may have. */
    static final int MOST_KEYS = 8192;

    private final Map<String, Optional<byte[]>> newest = new ConcurrentHashMap<>();

    void put(String key, Optional<byte[]> value) {
        if (newest.size() < MOST_KEYS || newest.containsKey(key)) {
            newest.put(key, value);
        }
    }

    /** Takes out what is there; what comes meanwhile may stay for the next time. */
    void drain(BiConsumer<String, Optional<byte[]>> taker) {
        newest.forEach(
                (key, value) -> {
                    if (newest.remove(key, value)) {
                        taker.accept(key, value);
                    }
                });
    }
}
