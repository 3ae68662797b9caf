package io.runnel.exec.task;

/**
 * What one call took.
 *
 * @param queueNanos waiting for a slot
 * @param startNanos making code and isolate ready
 * @param runNanos in the guest
 * @param cpuNanos of a processor, in the guest; at most
 * @param outputBytes written by the guest to standard output
 * @param droppedLogBytes written to standard error past the limit
 */
public record Usage(
        StartKind start,
        long queueNanos,
        long startNanos,
        long runNanos,
        long cpuNanos,
        long outputBytes,
        long droppedLogBytes) {

    /** Of a call that never ran. */
    public static final Usage NONE = new Usage(StartKind.WARM, 0, 0, 0, 0, 0, 0);

    /** This usage, with the time waited for a slot. */
    public Usage withQueueNanos(long nanos) {
        return new Usage(
                start, nanos, startNanos, runNanos, cpuNanos, outputBytes, droppedLogBytes);
    }
}
