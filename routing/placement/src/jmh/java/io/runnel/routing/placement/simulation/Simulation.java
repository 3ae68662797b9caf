package io.runnel.routing.placement.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs a whole network under a virtual clock. POPs meet only in what regions have to do, which they
 * hear of slice by slice; so each may run on any thread, and what comes out is the same whatever
 * the threads are. Every call is simulated, none is sampled.
 */
final class Simulation {
    private final SimSettings settings;
    private final World world;
    private final RegionLoads loads;
    private final RegionLoads othersLoads;
    private final List<SimPop> pops = new ArrayList<>();
    private final double activity;

    Simulation(SimSettings settings) {
        this.settings = settings;
        this.world = new World(settings);
        this.loads = new RegionLoads(settings, world);
        this.othersLoads = new RegionLoads(settings, world);
        Traits traits = new Traits(settings);
        Zipf zipf = new Zipf(settings.tasks(), settings.zipf());
        double sum = 0;
        for (int pop = 0; pop < settings.pops(); pop++) {
            pops.add(new SimPop(settings, world, traits, zipf, loads, othersLoads, pop));
            for (int hour = 0; hour < settings.hours(); hour++) {
                sum += world.activity(pop, hour);
            }
        }
        this.activity = sum * SimSettings.HOUR / SimSettings.SLICE;
    }

    /** All that was counted. */
    Tally run() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.threads())) {
            long end = settings.hours() * SimSettings.HOUR;
            for (long at = 0; at < end; at += SimSettings.SLICE) {
                slice(threads, at);
                loads.endSlice();
                othersLoads.endSlice();
            }
        }
        Tally all = new Tally();
        pops.forEach(pop -> all.add(pop.tally()));
        return all;
    }

    /** Whether the oracle looked far enough everywhere. */
    boolean isOracleSure() {
        return pops.stream().allMatch(SimPop::isOracleSure);
    }

    private void slice(ExecutorService threads, long at)
            throws InterruptedException, ExecutionException {
        int hour = (int) (at / SimSettings.HOUR);
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int pop = 0; pop < pops.size(); pop++) {
            SimPop each = pops.get(pop);
            double calls = settings.requests() * world.activity(pop, hour) / activity;
            jobs.add(
                    () -> {
                        each.run(at, calls);
                        return null;
                    });
        }
        for (Future<Void> done : threads.invokeAll(jobs)) {
            done.get();
        }
    }
}
