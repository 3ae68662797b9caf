package io.runnel.cluster.replication;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: doubled each time up to a limit, less up to half of it at
 * random, so that many who failed together do not come back together. For one thread.
 */
final class BackOff {
    private final long firstMs;
    private final long longestMs;
    private final RandomGenerator random;
    private long currentMs;

    BackOff(Duration first, Duration longest, RandomGenerator random) {
        this.firstMs = first.toMillis();
        this.longestMs = longest.toMillis();
        this.random = random;
        this.currentMs = firstMs;
    }

    /** At least half of what was waited last, at least 1 ms. */
    long nextMs() {
        long waitMs = currentMs - random.nextLong(currentMs / 2 + 1);
        currentMs = Math.min(longestMs, 2 * currentMs);
        return Math.max(1, waitMs);
    }

    void reset() {
        currentMs = firstMs;
    }
}
