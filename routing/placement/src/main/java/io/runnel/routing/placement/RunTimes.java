package io.runnel.routing.placement;

import java.util.concurrent.TimeUnit;

/**
 * How long the calls of the tasks that are counted exactly take, here and in the regions: what was
 * measured, smoothed. The first eight calls count by the least of them, since the first ones pay
 * for what later ones find ready; from then on each call moves the value by a sixteenth of the
 * difference, and one that took long by no more than if it had taken twice as long as usual.
 *
 * <p>What is not measured any more fades, with a half-life of ten minutes: a task that runs in a
 * region because it was faster there is tried here again after a while, and the other way round
 * nothing is concluded from old measurements.
 *
 * <p>Lock-free, any thread; measurements at the same instant may lose one of them.
 */
public final class RunTimes {
    private static final int HALF_LIFE_TICKS =
            (int) (TimeUnit.MINUTES.toNanos(10) >> (Decay.TICK_SHIFT + 9));
    private static final int COARSE_SHIFT = 9;
    private static final int COARSE_MASK = 0xFFFF;
    private static final int FIRST_CALLS = 8;
    private static final float MOST_CALLS = 64;
    private static final float SMOOTHING = 1 / 16f;
    private static final float SPARE_NANOS = 500_000;
    private static final float[] LEFT = left();

    private final HotTable table;
    private final Popularity clock;

    RunTimes(HotTable table, Popularity clock) {
        this.table = table;
        this.clock = clock;
    }

    private static float[] left() {
        float[] left = new float[16 * HALF_LIFE_TICKS];
        for (int i = 0; i < left.length; i++) {
            left[i] = (float) Math.pow(2, -(double) i / HALF_LIFE_TICKS);
        }
        return left;
    }

    /**
     * A call ended here.
     *
     * @param key of its task: {@link Popularity#key}
     * @param nanos that it took, without waiting for a slot
     */
    public void ranHere(long key, long nanos, long nowNanos) {
        ran(key, true, nanos, nowNanos);
    }

    /**
     * A call was answered by a region.
     *
     * @param key of its task: {@link Popularity#key}
     * @param nanos that it took, without the round trip
     */
    public void ranThere(long key, long nanos, long nowNanos) {
        ran(key, false, nanos, nowNanos);
    }

    private void ran(long key, boolean here, long nanos, long nowNanos) {
        int place = table.find(key);
        if (place < 0) {
            return;
        }
        int tick = coarse(clock.tick(nowNanos));
        long before = table.time(place, here);
        while (!table.changeTime(
                place, here, before, with(before, (float) Math.max(1, nanos), tick))) {
            before = table.time(place, here);
        }
    }

    private static long with(long cell, float nanos, int tick) {
        float calls = calls(cell, tick);
        float usual = nanos(cell);
        float now;
        if (calls < 0.5f) {
            now = nanos;
        } else if (calls < FIRST_CALLS) {
            now = Math.min(usual, nanos);
        } else {
            float heeded = Math.min(nanos, 2 * usual + SPARE_NANOS);
            now = usual + (heeded - usual) * SMOOTHING;
        }
        return cell(now, Math.min(calls + 1, MOST_CALLS), tick);
    }

    /** What is known of a task. */
    public RunTime of(long key, long nowNanos) {
        int place = table.find(key);
        return place < 0 ? RunTime.UNKNOWN : at(place, clock.tick(nowNanos));
    }

    RunTime at(int place, int tick) {
        long here = table.time(place, true);
        long there = table.time(place, false);
        int coarse = coarse(tick);
        return new RunTime(
                (long) nanos(here),
                (long) nanos(there),
                calls(here, coarse),
                calls(there, coarse),
                table.isAway(place));
    }

    /** Seconds of a slot that a call takes here; a guess from the region, or 0, if unknown. */
    double slotSeconds(int place) {
        float here = nanos(table.time(place, true));
        return (here > 0 ? here : nanos(table.time(place, false))) * 1e-9;
    }

    /** Remembers whether a task was placed in a region because it is faster there. */
    public void settle(long key, boolean away) {
        int place = table.find(key);
        if (place >= 0) {
            table.away(place, away);
        }
    }

    private static int coarse(int tick) {
        return (tick >>> COARSE_SHIFT) & COARSE_MASK;
    }

    /** A float of nanoseconds, a short one of calls, and when: in steps of 8.6 s. */
    private static long cell(float nanos, float calls, int tick) {
        return ((long) Float.floatToRawIntBits(nanos) << 32)
                | ((Float.floatToFloat16(calls) & 0xFFFFL) << 16)
                | tick;
    }

    private static float nanos(long cell) {
        return Float.intBitsToFloat((int) (cell >>> 32));
    }

    private static float calls(long cell, int tick) {
        int age = (tick - (int) cell) & COARSE_MASK;
        // A thread whose clock is a step behind is no half of all time ahead.
        int steps = age > COARSE_MASK - 2 ? 0 : age;
        return steps < LEFT.length ? Float.float16ToFloat((short) (cell >>> 16)) * LEFT[steps] : 0;
    }
}
