package io.runnel.routing.usage;

/**
 * How large a spool may become.
 *
 * @param segmentBytes of each file; a multiple of 4 KiB, at most 1 GiB
 * @param mostBytes of all files, those of earlier boots too; 2 to 4096 segments, for each is mapped
 */
public record SpoolLimits(long segmentBytes, long mostBytes) {
    /** Files of 4 MiB, 256 MiB in all: about a million records. */
    public static final SpoolLimits DEFAULT = new SpoolLimits(4L << 20, 256L << 20);

    private static final long UNIT = 4096;
    private static final long MOST_SEGMENT = 1L << 30;
    private static final long MOST_SEGMENTS = 4096;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a segment has no such size, or so many have no room
     */
    public SpoolLimits {
        if (!isSegment(segmentBytes)) {
            throw new IllegalArgumentException(
                    "segment must be a multiple of 4 KiB, at most 1 GiB: " + segmentBytes);
        }
        long segments = mostBytes / segmentBytes;
        if (segments < 2 || segments > MOST_SEGMENTS) {
            throw new IllegalArgumentException(
                    "spool must have room for 2 to %d segments: %d bytes"
                            .formatted(MOST_SEGMENTS, mostBytes));
        }
    }

    /** Whether a segment can have this size. */
    static boolean isSegment(long bytes) {
        return bytes > 0 && bytes <= MOST_SEGMENT && bytes % UNIT == 0;
    }
}
