package io.runnel.exec.task;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of the events of a task, as its owner wants it.
 *
 * @param retries how often one is run again that the task failed
 * @param maxAge how long after it was accepted one is still begun
 * @param onFailure the owner's task that is told of those that were given up
 * @param onSuccess the owner's task that is told of those that succeeded
 */
public record EventRule(
        int retries, Duration maxAge, Optional<TaskName> onFailure, Optional<TaskName> onSuccess) {
    /** The most retries. */
    public static final int MOST_RETRIES = 2;

    /** The shortest age. */
    public static final Duration LEAST_AGE = Duration.ofSeconds(60);

    /** The longest age. */
    public static final Duration MOST_AGE = Duration.ofHours(6);

    /** Of a task whose owner says nothing. */
    public static final EventRule DEFAULT =
            new EventRule(MOST_RETRIES, MOST_AGE, Optional.empty(), Optional.empty());

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if retries or age are beyond their limits, or the age is no
     *     whole number of seconds
     */
    public EventRule {
        if (retries < 0 || retries > MOST_RETRIES) {
            throw new IllegalArgumentException(
                    "retries must be 0 to %d: %d".formatted(MOST_RETRIES, retries));
        }
        if (maxAge.compareTo(LEAST_AGE) < 0
                || maxAge.compareTo(MOST_AGE) > 0
                || maxAge.toNanosPart() != 0) {
            throw new IllegalArgumentException(
                    "max age must be %d to %d whole seconds: %s"
                            .formatted(LEAST_AGE.toSeconds(), MOST_AGE.toSeconds(), maxAge));
        }
    }

    /** The same up to another age. */
    public EventRule upTo(Duration age) {
        return new EventRule(retries, age, onFailure, onSuccess);
    }
}
