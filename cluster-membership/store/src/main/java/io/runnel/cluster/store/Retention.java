package io.runnel.cluster.store;

import io.runnel.exec.task.ByteSize;

import java.time.Duration;

/**
 * What a store keeps for how long.
 *
 * @param mostLogs how much of tasks' logs is kept
 * @param logAge how long tasks' logs are kept
 * @param answerAge how long given answers are kept
 */
public record Retention(ByteSize mostLogs, Duration logAge, Duration answerAge) {
    /** As the contracts say: logs for 7 days or 256 MiB, answers for a day. */
    public static final Retention DEFAULT =
            new Retention(ByteSize.ofMiB(256), Duration.ofDays(7), Duration.ofDays(1));

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if an age is not positive
     */
    public Retention {
        if (!logAge.isPositive() || !answerAge.isPositive()) {
            throw new IllegalArgumentException(
                    "ages must be positive: logs %s, answers %s".formatted(logAge, answerAge));
        }
    }
}
