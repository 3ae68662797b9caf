package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.Optional;

/**
 * A task: what of it is live and who may call it.
 *
 * @param live the version that calls get
 * @param newest the highest version ever given; never given again
 * @param everyone whether anyone may call it, without a key
 * @param maxStale how long after the last contact with its home region it may still be served
 */
public record TaskRecord(
        TaskRef ref, int live, int newest, boolean everyone, Optional<Duration> maxStale)
        implements CatalogRecord {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the live version is not 1 to the newest, or the time is
     *     negative
     */
    public TaskRecord {
        if (live < 1 || live > newest) {
            throw new IllegalArgumentException(
                    "live version must be 1 to %d: %d".formatted(newest, live));
        }
        if (maxStale.isPresent() && maxStale.get().isNegative()) {
            throw new IllegalArgumentException(
                    "max stale must not be negative: %d ms".formatted(maxStale.get().toMillis()));
        }
    }

    @Override
    public RecordKind kind() {
        return RecordKind.TASK;
    }

    @Override
    public String key() {
        return ref.toString();
    }
}
