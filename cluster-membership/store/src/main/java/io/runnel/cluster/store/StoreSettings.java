package io.runnel.cluster.store;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RegionId;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a store on this machine is kept.
 *
 * @param file the database; beside it lie the engine's own files and {@code FILE.lock}
 * @param origin the region whose store it is
 * @param mostSize how large the database may grow; then writes fail by {@link
 *     StoreException.Code#FULL}
 * @param mostLogs how much of tasks' logs is kept
 * @param logAge how long tasks' logs are kept
 * @param answerAge how long given answers are kept
 */
public record StoreSettings(
        Path file,
        RegionId origin,
        ByteSize mostSize,
        ByteSize mostLogs,
        Duration logAge,
        Duration answerAge) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a size or time is too small, or the logs may take more
     *     than half of the whole
     */
    public StoreSettings {
        if (mostSize.bytes() < 1 << 18) {
            throw new IllegalArgumentException("store size must be at least 256KiB: " + mostSize);
        }
        if (mostLogs.bytes() > mostSize.bytes() / 2) {
            throw new IllegalArgumentException(
                    "logs must take at most half of the store's %s: %s"
                            .formatted(mostSize, mostLogs));
        }
        var unused = new Retention(mostLogs, logAge, answerAge);
    }

    /** What is kept for how long. */
    Retention retention() {
        return new Retention(mostLogs, logAge, answerAge);
    }

    /** As the contracts say: logs for 7 days or 256 MiB, answers for a day, 16 GiB in all. */
    public static StoreSettings of(Path file, RegionId origin) {
        return new StoreSettings(
                file,
                origin,
                ByteSize.ofMiB(16 * 1024),
                Retention.DEFAULT.mostLogs(),
                Retention.DEFAULT.logAge(),
                Retention.DEFAULT.answerAge());
    }
}
