package io.runnel.cluster.hazelcast;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Knows which messages were said lately. Safe for any thread. */
final class Repeats {
    private static final int MOST_MESSAGES = 256;

    private final long pauseNanos;
    private final LongSupplier nanoClock;
    private final Map<String, Long> saidNanos = new ConcurrentHashMap<>();

    Repeats(Duration pause, LongSupplier nanoClock) {
        this.pauseNanos = pause.toNanos();
        this.nanoClock = nanoClock;
    }

    /** Whether this is to be said now: it was not lately. */
    boolean isNews(String message) {
        if (saidNanos.size() >= MOST_MESSAGES) {
            saidNanos.clear();
        }
        long now = nanoClock.getAsLong();
        Long before = saidNanos.get(message);
        if (before != null && now - before < pauseNanos) {
            return false;
        }
        saidNanos.put(message, now);
        return true;
    }
}
