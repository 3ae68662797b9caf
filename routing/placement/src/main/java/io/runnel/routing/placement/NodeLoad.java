package io.runnel.routing.placement;

/**
 * What a node has free.
 *
 * @param waitNanos how long a call that comes now would wait for a slot
 */
public record NodeLoad(
        int slots, int freeSlots, long memoryBytes, long freeMemoryBytes, long waitNanos) {
    /** Below it the way to a region costs this node about as much as running the call. */
    private static final long LEAST_PATIENCE_NANOS = 2_000_000;

    private static final long MOST_PATIENCE_NANOS = 100_000_000;

    /**
     * How long a call waits here for a slot rather than go to a region: as long as the way takes.
     */
    public static long patienceNanos(long roundTripNanos) {
        return Math.clamp(roundTripNanos, LEAST_PATIENCE_NANOS, MOST_PATIENCE_NANOS);
    }

    /**
     * Whether there is room for one more call.
     *
     * @param needsBytes the memory that it may take
     * @param choice where else it could go
     */
    public Room room(long needsBytes, RegionChoice choice) {
        if (freeSlots > 0 && freeMemoryBytes >= needsBytes) {
            return Room.FREE;
        }
        boolean soon =
                !choice.regions().isEmpty()
                        && waitNanos <= patienceNanos(choice.first().roundTripNanos());
        return soon ? Room.SOON : Room.QUEUE;
    }

    /**
     * Whether what is left is for those that are called most: a quarter of the slots or less, or a
     * fifth of the memory.
     */
    public boolean isScarce() {
        return freeSlots * 4 <= slots || freeMemoryBytes < memoryBytes / 5;
    }
}
