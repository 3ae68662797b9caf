package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;

/**
 * What one run of a task took and who pays for it. A call that never ran has none.
 *
 * @param endedMillis when the guest ended, as milliseconds since 1970
 * @param payer the account that called; for a call without credentials the task's owner
 * @param key the access key that the call was made with, if any
 * @param home the region that keeps the payer's account, which the record goes to
 * @param startNanos making code and isolate ready
 * @param runNanos in the guest
 * @param cpuNanos of a processor, in the guest; at most
 * @param memoryBytes what the version may use
 * @param bytesIn of the request's body
 * @param bytesOut of what the guest wrote to standard output
 * @param by how it was called, if not by the task's name alone: the caller's aliases from the first
 *     to the last, and the task's, as {@code pay>charge-eu@stable}
 * @param digest of the request
 */
public record UsageRecord(
        RequestId id,
        long endedMillis,
        AccountId payer,
        Optional<String> key,
        TaskRef task,
        int version,
        RegionId home,
        StartKind start,
        UsageOutcome outcome,
        long startNanos,
        long runNanos,
        long cpuNanos,
        long memoryBytes,
        long bytesIn,
        long bytesOut,
        Optional<String> by,
        RequestDigest digest) {
    /** The longest {@link #by}: four aliases, and one of the task's. */
    public static final int MOST_BY = 400;

    private static final int KEY_LENGTH = 20;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the version is not positive, a number is negative, or the
     *     key or how it was called is none
     */
    public UsageRecord {
        if (version < 1) {
            throw new IllegalArgumentException("version must be positive: " + version);
        }
        key.filter(used -> !isKey(used))
                .ifPresent(
                        used -> {
                            throw new IllegalArgumentException(
                                    "key id must be RNL and 17 of A-Z and 2-7");
                        });
        requireCount("ended", endedMillis);
        requireCount("start", startNanos);
        requireCount("run", runNanos);
        requireCount("cpu", cpuNanos);
        requireCount("memory", memoryBytes);
        requireCount("bytes in", bytesIn);
        requireCount("bytes out", bytesOut);
        if (by.filter(text -> !isBy(text)).isPresent()) {
            throw new IllegalArgumentException("called by what is no name");
        }
    }

    private static boolean isBy(String text) {
        boolean isBy = !text.isEmpty() && text.length() <= MOST_BY;
        for (int i = 0; isBy && i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            isBy = isLetter || (c >= '0' && c <= '9') || "-_>@".indexOf(c) >= 0;
        }
        return isBy;
    }

    /** Each call has one: so without an expression. */
    private static boolean isKey(String id) {
        boolean isKey = id.length() == KEY_LENGTH && id.startsWith("RNL");
        for (int i = 0; isKey && i < KEY_LENGTH; i++) {
            char c = id.charAt(i);
            isKey = (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
        }
        return isKey;
    }

    private static void requireCount(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "%s must not be negative: %d".formatted(what, value));
        }
    }

    /** The account whose code ran. */
    public AccountId owner() {
        return task.account();
    }

    /** What is charged: the time in the guest in milliseconds, each that was begun. */
    public long chargedMillis() {
        return Math.max(1, Math.ceilDiv(runNanos, NANOS_PER_MILLI));
    }

    /** What is charged for memory: in KiB times {@link #chargedMillis}. */
    public long memoryKibMillis() {
        return Math.multiplyExact(Math.ceilDiv(memoryBytes, 1024L), chargedMillis());
    }
}
