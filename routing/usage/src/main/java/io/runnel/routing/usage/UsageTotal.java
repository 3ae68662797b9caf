package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;

import java.time.LocalDate;

/**
 * What one account pays for one version of a task on one day (UTC).
 *
 * @param calls runs that were charged
 * @param failed those of them that did not succeed
 * @param chargedMillis the sum of {@link UsageRecord#chargedMillis}
 * @param memoryKibMillis the sum of memory in KiB times {@link UsageRecord#chargedMillis}
 * @param cpuNanos the sum of what they took of processors
 */
public record UsageTotal(
        LocalDate day,
        AccountId payer,
        TaskRef task,
        int version,
        long calls,
        long failed,
        long chargedMillis,
        long memoryKibMillis,
        long cpuNanos,
        long bytesIn,
        long bytesOut) {
    private static final double GB_SECOND = (double) (1L << 20) * 1000;

    /** Memory times time, as it is charged: in GiB times seconds. */
    public double gbSeconds() {
        return gbSeconds(memoryKibMillis);
    }

    /** Memory in KiB times milliseconds, as it is charged. */
    public static double gbSeconds(long memoryKibMillis) {
        return memoryKibMillis / GB_SECOND;
    }
}
