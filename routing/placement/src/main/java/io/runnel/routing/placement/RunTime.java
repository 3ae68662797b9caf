package io.runnel.routing.placement;

/**
 * How long a task's calls take.
 *
 * @param hereNanos at this POP, with making its isolate ready, without waiting for a slot
 * @param thereNanos in a region, without the round trip
 * @param hereCalls how many calls that rests on, faded
 * @param thereCalls how many calls that rests on, faded
 * @param away whether it was placed in a region lately because it is faster there
 */
public record RunTime(
        long hereNanos, long thereNanos, float hereCalls, float thereCalls, boolean away) {
    /** Nothing is known. */
    public static final RunTime UNKNOWN = new RunTime(0, 0, 0, 0, false);

    private static final float ENOUGH_CALLS = 4;

    /** Whether enough is known of both places to compare them. */
    public boolean isComparable() {
        return hereCalls >= ENOUGH_CALLS && thereCalls >= ENOUGH_CALLS;
    }
}
