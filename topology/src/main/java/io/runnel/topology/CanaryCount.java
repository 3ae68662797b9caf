package io.runnel.topology;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

/**
 * How calls by an alias ended at one node since its start, where some of them go to another
 * version. As text: {@code acme/charge@live:41:1000:3:50:2}, in the order of the fields.
 *
 * @param alias its name
 * @param seq of the alias's record: another record tries something else
 * @param calls that the usual version ended
 * @param failed of these
 * @param canaryCalls that the other version ended
 * @param canaryFailed of these
 */
public record CanaryCount(
        TaskRef task,
        String alias,
        long seq,
        long calls,
        long failed,
        long canaryCalls,
        long canaryFailed) {
    private static final int PARTS = 6;

    /** The most that is counted; so many that sums of all nodes cannot overflow. */
    static final long MOST = 1_000_000_000_000_000L;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a number is negative or too large, more failed than were
     *     called, or the alias is no name
     */
    public CanaryCount {
        if (!Qualifier.isAlias(alias)) {
            throw new IllegalArgumentException("canary count names no alias");
        }
        if (seq < 0 || failed < 0 || canaryFailed < 0) {
            throw new IllegalArgumentException("canary count must not be negative");
        }
        if (calls > MOST || canaryCalls > MOST) {
            throw new IllegalArgumentException("canary count must be at most " + MOST);
        }
        if (failed > calls || canaryFailed > canaryCalls) {
            throw new IllegalArgumentException("canary count has more failures than calls");
        }
    }

    /** Both together, the most at most; {@code other} is of the same record. */
    public CanaryCount plus(CanaryCount other) {
        return new CanaryCount(
                task,
                alias,
                seq,
                Math.min(MOST, calls + other.calls),
                Math.min(MOST, failed + other.failed),
                Math.min(MOST, canaryCalls + other.canaryCalls),
                Math.min(MOST, canaryFailed + other.canaryFailed));
    }

    /**
     * Reads the text form: hostile.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static CanaryCount parse(String text) {
        String[] parts = text.split(":", PARTS + 1);
        int slash = parts[0].indexOf('/');
        int at = parts[0].indexOf('@');
        if (parts.length != PARTS || slash < 0 || at < slash) {
            throw new IllegalArgumentException(
                    "canary count must be as acme/charge@live:41:9:3:5:2");
        }
        return new CanaryCount(
                TaskRef.of(parts[0].substring(0, slash), parts[0].substring(slash + 1, at)),
                parts[0].substring(at + 1),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]));
    }

    @Override
    public String toString() {
        return "%s@%s:%d:%d:%d:%d:%d"
                .formatted(task, alias, seq, calls, failed, canaryCalls, canaryFailed);
    }
}
