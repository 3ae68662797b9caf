package io.runnel.routing.placement.simulation;

/**
 * What the same calls would take if all went to the nearest region that can be reached, and if all
 * ran at the POP, which holds what was used last in the same memory. For one thread.
 */
final class OtherPolicies {
    /** From a region to a service near it and back. */
    static final double NEAR_NANOS = 1e6;

    private static final double NANOS_PER_FETCHED_BYTE = 8;

    private final Traits traits;
    private final Links links;
    private final RegionLoads loads;
    private final LruPrograms programs;
    private final Slots slots = new Slots();
    private final Tally tally;

    OtherPolicies(
            Traits traits, Links links, RegionLoads loads, SimSettings settings, Tally tally) {
        this.traits = traits;
        this.links = links;
        this.loads = loads;
        this.programs = new LruPrograms(settings.warmBytes());
        this.tally = tally;
    }

    void call(int task, long nowNanos) {
        int place = 0;
        double lost = 0;
        while (place < links.count() - 1 && links.isCut(place, nowNanos)) {
            boolean known = links.isCut(place, nowNanos - SimSettings.SECOND);
            lost += known ? 0 : Links.GIVEN_UP_AFTER;
            place++;
        }
        loads.ask(links.region(place), 1);
        tally.alwaysRegion.add(lost + links.wayNanos(place) + traits.runNanos(task, NEAR_NANOS));
        tally.alwaysPop.add(atPop(task, place, nowNanos));
    }

    private double atPop(int task, int place, long nowNanos) {
        double start = 0;
        if (!programs.use(task, traits.programBytes(task))) {
            start = traits.startNanos(task);
            if (!programs.fetch(task)) {
                start +=
                        links.roundTripNanos(place)
                                + traits.programBytes(task) / 3.0 * NANOS_PER_FETCHED_BYTE;
            }
        }
        double run = start + traits.runNanos(task, links.roundTripNanos(0));
        return slots.take((double) nowNanos, run) + run;
    }
}
