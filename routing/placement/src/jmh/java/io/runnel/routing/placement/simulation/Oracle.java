package io.runnel.routing.placement.simulation;

import java.util.Arrays;

/**
 * Knows how often each task will be called in the hour that begins, and holds what is worth the
 * memory most: calls for each byte, from the top until it is full. It changes what it holds at the
 * full hour, at once and for nothing. For one thread; one for each POP.
 *
 * <p>It looks at the first ranks of each group only: what is behind them is called so seldom that
 * the smallest program there is would not be worth its memory; {@link #isSure} says whether that
 * held.
 */
final class Oracle {
    private static final int RANKS = 20_000;
    private static final int CLASS_SHIFT = 18;

    private final Crowd crowd;
    private final Traits traits;
    private final double mostBytes;
    private final IntSet held = new IntSet();
    private final double[] bytesOfWorth = new double[1 << (31 - CLASS_SHIFT)];
    private boolean sure = true;

    Oracle(Crowd crowd, Traits traits, long mostBytes) {
        this.crowd = crowd;
        this.traits = traits;
        this.mostBytes = (double) mostBytes;
    }

    boolean holds(int task) {
        return held.contains(task);
    }

    boolean isSure() {
        return sure;
    }

    /** An hour begins. */
    void look(int hour) {
        Arrays.fill(bytesOfWorth, 0);
        each(hour, (task, worth) -> bytesOfWorth[index(worth)] += traits.programBytes(task));
        double bytes = 0;
        int bar = bytesOfWorth.length - 1;
        while (bar > 0 && bytes + bytesOfWorth[bar] <= mostBytes) {
            bytes += bytesOfWorth[bar];
            bar--;
        }
        held.clear();
        fill(hour, bar, mostBytes - bytes);
        sure &= bar > index(last(hour));
    }

    private void fill(int hour, int bar, double bytesLeft) {
        double[] left = {bytesLeft};
        each(
                hour,
                (task, worth) -> {
                    int index = index(worth);
                    long bytes = traits.programBytes(task);
                    if (index > bar) {
                        held.add(task);
                    } else if (index == bar && bytes <= left[0]) {
                        left[0] -= bytes;
                        held.add(task);
                    }
                });
    }

    private interface Candidate {
        void task(int task, double worth);
    }

    private void each(int hour, Candidate candidate) {
        long from = hour * SimSettings.HOUR;
        for (int group = 0; group < Crowd.SHARES.length; group++) {
            for (int rank = 1; rank <= RANKS; rank++) {
                double until = crowd.until(group, rank, hour);
                candidate(candidate, group, rank, hour, from, until);
                if (until < 1) {
                    candidate(candidate, group, rank, hour, from + SimSettings.HOUR, 1 - until);
                }
            }
        }
    }

    private void candidate(
            Candidate candidate, int group, int rank, int hour, long at, double part) {
        int task = crowd.task(group, rank, at);
        if (!traits.isBoundToService(task)) {
            double calls = part * crowd.calls(group, rank, task, hour);
            candidate.task(task, calls / traits.programBytes(task));
        }
    }

    /** What the smallest program would be worth at the last rank. */
    private double last(int hour) {
        return crowd.calls(0, RANKS, crowd.task(0, RANKS, hour * SimSettings.HOUR), hour) / 102_400;
    }

    private static int index(double worth) {
        return Float.floatToRawIntBits((float) worth) >>> CLASS_SHIFT;
    }
}
