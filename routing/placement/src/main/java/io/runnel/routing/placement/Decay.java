package io.runnel.routing.placement;

import java.time.Duration;

/**
 * How counts fade: exponentially, with a half-life.
 *
 * <p>A count and when it was last touched share one {@code long}, a <em>cell</em>: the count as a
 * float in the upper half, a tick of 2^24 ns (16.8 ms) in the lower. So a cell can be read and
 * changed in one atomic step, and nothing has to walk over the cells to let them fade. Ticks wrap
 * after 2.3 years: a cell untouched for longer than half of that counts as never touched.
 *
 * <p>Immutable, any thread.
 */
final class Decay {
    static final int TICK_SHIFT = 24;
    private static final int FINE_BITS = 10;
    private static final int FINE_MASK = (1 << FINE_BITS) - 1;

    /** Another thread's tick may be a little newer than ours; one newer than that has wrapped. */
    private static final int MOST_AHEAD = 1 << 10;

    private static final double FORGOTTEN = 1e-6;

    private final float[] fine = new float[1 << FINE_BITS];
    private final float[] coarse;

    Decay(Duration halfLife) {
        double ticks = (double) halfLife.toNanos() / (1L << TICK_SHIFT);
        for (int i = 0; i < fine.length; i++) {
            fine[i] = (float) Math.pow(2, -i / ticks);
        }
        int steps = (int) Math.ceil(-ticks * Math.log(FORGOTTEN) / Math.log(2) / fine.length);
        coarse = new float[steps];
        for (int i = 0; i < steps; i++) {
            coarse[i] = (float) Math.pow(2, -i * (double) fine.length / ticks);
        }
    }

    static int tick(long nanos) {
        return (int) (nanos >> TICK_SHIFT);
    }

    static long cell(float count, int tick) {
        return ((long) Float.floatToRawIntBits(count) << 32) | (tick & 0xFFFF_FFFFL);
    }

    /** What is left of a cell's count. */
    float count(long cell, int tick) {
        float count = Float.intBitsToFloat((int) (cell >>> 32));
        return count == 0 ? 0 : count * factor(tick - (int) cell);
    }

    /** What is left of 1 after so many ticks. */
    float factor(int age) {
        if (age < 0) {
            return age >= -MOST_AHEAD ? 1 : 0;
        }
        int step = age >>> FINE_BITS;
        return step < coarse.length ? coarse[step] * fine[age & FINE_MASK] : 0;
    }
}
