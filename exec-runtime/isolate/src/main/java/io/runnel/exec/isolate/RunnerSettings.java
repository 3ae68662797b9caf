package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;

import java.time.Duration;

/**
 * How much a {@link TaskRunner} runs at once.
 *
 * @param slots calls that run at the same time
 * @param memory what the running calls' limits of memory may add up to
 * @param queue calls that may wait for a slot
 * @param longestWait how long a call may wait for a slot
 */
public record RunnerSettings(int slots, ByteSize memory, int queue, Duration longestWait) {
    private static final int MOST_SLOTS = 4096;
    private static final int LONGEST_QUEUE = 1 << 20;
    private static final ByteSize LEAST_WARM = ByteSize.ofMiB(64);

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RunnerSettings {
        requireWithin("slots", slots, 1, MOST_SLOTS);
        requireWithin("queue", queue, 0, LONGEST_QUEUE);
        if (longestWait.isNegative() || longestWait.compareTo(Limits.LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "longest wait must be 0 to %d s: %d ms"
                            .formatted(Limits.LONGEST_TIMEOUT.toSeconds(), longestWait.toMillis()));
        }
    }

    private static void requireWithin(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be %d to %d: %d".formatted(what, least, most, value));
        }
    }

    /**
     * What open programs and idle isolates may keep besides, together: a quarter of the memory, at
     * least 64 MiB.
     */
    public ByteSize warm() {
        return new ByteSize(Math.max(memory.bytes() / 4, LEAST_WARM.bytes()));
    }
}
