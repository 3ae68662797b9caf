package io.runnel.exec.task;

import java.time.Duration;

/**
 * What one call of a task may take. Passing one ends the guest with the {@link Outcome} of that
 * limit.
 *
 * @param memory linear memory of one isolate
 * @param timeout wall time of one call, from its start in an isolate to its last byte
 * @param requestBody bytes of a request's body
 * @param responseBody bytes of a response's body
 * @param stack bytes of the thread's stack that a guest's calls may fill
 * @param log bytes of standard error kept of one call; the rest is counted and dropped
 */
public record Limits(
        ByteSize memory,
        Duration timeout,
        ByteSize requestBody,
        ByteSize responseBody,
        ByteSize stack,
        ByteSize log) {

    /** The largest module, which holds before there is a task: 32 MiB. */
    public static final ByteSize MODULE = ByteSize.ofMiB(32);

    /** The most memory that a task may ask for: 1 GiB. */
    public static final ByteSize MOST_MEMORY = ByteSize.ofMiB(1024);

    /** The longest time that a task may ask for: 15 minutes. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);

    /** The limits of a task that asks for none. */
    public static final Limits DEFAULT =
            new Limits(
                    ByteSize.ofMiB(64),
                    Duration.ofSeconds(10),
                    ByteSize.ofMiB(6),
                    ByteSize.ofMiB(16),
                    ByteSize.ofKiB(512),
                    ByteSize.ofKiB(64));

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if memory or time is not within what any node would run
     */
    public Limits {
        if (memory.bytes() < 1 << 16 || memory.compareTo(MOST_MEMORY) > 0) {
            throw new IllegalArgumentException(
                    "memory must be 64KiB to %s: %s".formatted(MOST_MEMORY, memory));
        }
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be 1 ms to %d s: %d ms"
                            .formatted(LONGEST_TIMEOUT.toSeconds(), timeout.toMillis()));
        }
    }

    /** These limits with another memory. */
    public Limits withMemory(ByteSize other) {
        return new Limits(other, timeout, requestBody, responseBody, stack, log);
    }

    /** These limits with another timeout. */
    public Limits withTimeout(Duration other) {
        return new Limits(memory, other, requestBody, responseBody, stack, log);
    }
}
