package io.runnel.topology;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * What a POP runs, compared with a task's declared limits; the rest runs in its region.
 *
 * @param maxMemory most memory of one isolate
 * @param maxDuration longest timeout
 * @param runtimes the kinds of tasks; none means that this POP only forwards
 * @param outbound whether tasks run here that may send requests to other hosts
 */
public record Restrictions(
        ByteSize maxMemory, Duration maxDuration, Set<RuntimeKind> runtimes, boolean outbound) {
    /** Whatever a task may declare at all. */
    public static final Restrictions NONE =
            new Restrictions(
                    Limits.MOST_MEMORY, Limits.LONGEST_TIMEOUT, Set.of(RuntimeKind.values()));

    /** Those of a POP whose tasks may send requests. */
    public Restrictions(ByteSize maxMemory, Duration maxDuration, Set<RuntimeKind> runtimes) {
        this(maxMemory, maxDuration, runtimes, true);
    }

    /** These, where only these kinds of tasks can be run. */
    Restrictions within(Set<RuntimeKind> kinds) {
        Set<RuntimeKind> both = new HashSet<>(runtimes);
        both.retainAll(kinds);
        return new Restrictions(maxMemory, maxDuration, both, outbound);
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if memory or duration is not positive
     */
    public Restrictions {
        runtimes = Set.copyOf(runtimes);
        if (maxMemory.bytes() == 0) {
            throw new IllegalArgumentException("maxMemory must be positive: " + maxMemory);
        }
        if (!maxDuration.isPositive()) {
            throw new IllegalArgumentException(
                    "maxDuration must be positive: %d ms".formatted(maxDuration.toMillis()));
        }
    }

    /** Whether a task of this kind that declared these limits may run here. */
    public boolean allow(RuntimeKind runtime, Limits declared) {
        return runtimes.contains(runtime)
                && declared.memory().compareTo(maxMemory) <= 0
                && declared.timeout().compareTo(maxDuration) <= 0;
    }
}
