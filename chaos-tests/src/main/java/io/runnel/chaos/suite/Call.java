package io.runnel.chaos.suite;

/**
 * One call that was made. Times are nanoseconds from the run's beginning.
 *
 * @param dueNs when it was meant to be sent, which is what its latency counts from
 * @param sentNs when it was
 * @param endNs when it ended
 * @param ranAt where it ran, as the answer says; empty if none does
 * @param why it failed, in a few words; empty if it did not
 */
record Call(
        CallStream stream,
        long dueNs,
        long sentNs,
        long endNs,
        CallEnd end,
        String ranAt,
        String why) {
    boolean isAnswered() {
        return end == CallEnd.ANSWERED;
    }

    long latencyNs() {
        return endNs - dueNs;
    }

    /** Whether it ran at the POP or in the region of this name. */
    boolean ranAt(String place) {
        return ranAt.equals("pop/" + place) || ranAt.startsWith("region/" + place + "/");
    }
}
