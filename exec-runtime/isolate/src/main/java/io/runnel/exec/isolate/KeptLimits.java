package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;

import java.time.Duration;

/**
 * When an isolate whose memory is kept between calls is let go of, so that what leaks in it does
 * not leak for ever.
 *
 * @param longest it is not older than this when a call begins
 * @param mostCalls it has no more calls than this
 * @param mostGrowth it does not keep so much more than after its first call
 */
public record KeptLimits(Duration longest, int mostCalls, ByteSize mostGrowth) {
    /** An hour, 10,000 calls, 16 MiB. */
    public static final KeptLimits DEFAULT =
            new KeptLimits(Duration.ofHours(1), 10_000, ByteSize.ofMiB(16));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public KeptLimits {
        if (longest.toMillis() < 1 || mostCalls < 1) {
            throw new IllegalArgumentException(
                    "longest and mostCalls must be positive: %s, %d".formatted(longest, mostCalls));
        }
    }

    /** Whether one is past them after a call. */
    boolean areReached(long ageMs, int calls, long grownBytes) {
        return ageMs >= longest.toMillis() || calls >= mostCalls || grownBytes > mostGrowth.bytes();
    }
}
