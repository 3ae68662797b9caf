package io.runnel.routing.placement.simulation;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How much regions have to do, in percent of what they can take: as they were asked in the slice of
 * time before. Each can take two and a half times what the POPs before it would send it in the mean
 * if they sent everything. Counting is for any thread, the rest for one.
 */
final class RegionLoads {
    private static final double HEAD_ROOM = 2.5;

    private final AtomicIntegerArray asked;
    private final double[] mostInSlice;
    private volatile int[] percent;

    RegionLoads(SimSettings settings, World world) {
        asked = new AtomicIntegerArray(settings.regions());
        mostInSlice = new double[settings.regions()];
        percent = new int[settings.regions()];
        double slices = (double) settings.hours() * SimSettings.HOUR / SimSettings.SLICE;
        double total = 0;
        for (int pop = 0; pop < settings.pops(); pop++) {
            double share = world.activity(pop, 9 - world.hoursAhead(pop));
            mostInSlice[world.regionsOf(pop)[0]] += share;
            total += share;
        }
        double calls = HEAD_ROOM * settings.requests() / slices;
        for (int i = 0; i < mostInSlice.length; i++) {
            double least = calls / settings.regions() / 4;
            mostInSlice[i] = Math.max(least, calls * mostInSlice[i] / total);
        }
    }

    void ask(int region, int calls) {
        asked.addAndGet(region, calls);
    }

    int percent(int region) {
        return percent[region];
    }

    void endSlice() {
        int[] next = new int[percent.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (int) Math.round(100 * asked.getAndSet(i, 0) / mostInSlice[i]);
        }
        percent = next;
    }
}
