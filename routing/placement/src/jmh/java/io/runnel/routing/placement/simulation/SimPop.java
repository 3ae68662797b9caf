package io.runnel.routing.placement.simulation;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.EligibleRegions;
import io.runnel.routing.placement.Fit;
import io.runnel.routing.placement.NodeLoad;
import io.runnel.routing.placement.PlacementDecision;
import io.runnel.routing.placement.PlacementInput;
import io.runnel.routing.placement.Placer;
import io.runnel.routing.placement.Popularity;
import io.runnel.routing.placement.RegionRanking;
import io.runnel.routing.placement.RegionView;
import io.runnel.routing.placement.Replica;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One POP with its users, under all policies at once. For one thread at a time. */
final class SimPop {
    private static final long CALL_BYTES = 64L << 20;
    private static final long NODE_BYTES = 4L << 30;
    private static final int TIMED_ONE_OF = 256;

    private final Traits traits;
    private final Crowd crowd;
    private final Links links;
    private final RegionLoads loads;
    private final OtherPolicies others;
    private final SplittableRandom random;
    private final Placer placer;
    private final WarmPrograms warm;
    private final Oracle oracle;
    private final Slots slots = new Slots();
    private final Tally tally = new Tally();
    private final Function<RegionId, RegionView> views;

    private long nowNanos;
    private int hour = -1;

    SimPop(
            SimSettings settings,
            World world,
            Traits traits,
            Zipf zipf,
            RegionLoads loads,
            RegionLoads othersLoads,
            int pop) {
        this.traits = traits;
        this.loads = loads;
        this.links = new Links(world, pop, loads);
        this.random = new SplittableRandom(Hashing.mix(settings.seed() * 67 + pop));
        this.crowd = new Crowd(settings, zipf, pop, links.region(0), world.hoursAhead(pop));
        Popularity popularity =
                new Popularity(
                        0,
                        new Random(settings.seed() + pop),
                        settings.warmBytes(),
                        SimSettings.SLOTS);
        List<RegionId> regions =
                IntStream.range(0, links.count())
                        .mapToObj(place -> World.name(links.region(place)))
                        .toList();
        this.placer =
                new Placer(
                        popularity,
                        new RegionRanking(regions.getFirst(), regions.subList(1, regions.size())));
        this.warm = new WarmPrograms(popularity, settings.warmBytes());
        this.oracle = new Oracle(crowd, traits, settings.warmBytes());
        this.others =
                new OtherPolicies(
                        traits, new Links(world, pop, othersLoads), othersLoads, settings, tally);
        this.views = region -> links.view(links.place(region), nowNanos);
    }

    Tally tally() {
        return tally;
    }

    boolean isOracleSure() {
        return oracle.isSure();
    }

    /** Users call so often, in the mean, until the slice ends. */
    void run(long fromNanos, double calls) {
        int sliceHour = (int) (fromNanos / SimSettings.HOUR);
        if (sliceHour != hour) {
            hour = sliceHour;
            oracle.look(hour);
        }
        placer.popularity().tend(fromNanos);
        double gap = SimSettings.SLICE / calls;
        double at = fromNanos - Math.log(1 - random.nextDouble()) * gap;
        while (at < fromNanos + SimSettings.SLICE) {
            nowNanos = (long) at;
            call(crowd.draw(random, nowNanos));
            at -= Math.log(1 - random.nextDouble()) * gap;
        }
    }

    private void call(int task) {
        long key = Hashing.mix(task) | 1;
        boolean ready = warm.isReady(task, nowNanos);
        boolean timed = tally.all++ % TIMED_ONE_OF == 0;
        Placer.Situation situation = situation(task, key, ready);
        long drawn = random.nextLong();
        long began = timed ? System.nanoTime() : 0;
        PlacementInput input = placer.came(situation, views, nowNanos, drawn);
        PlacementDecision decision = placer.decide(key, input);
        if (timed) {
            tally.decisions.add((double) (System.nanoTime() - began));
        }
        boolean here = decision instanceof PlacementDecision.RunHere && ready;
        if (!traits.isBoundToService(task)) {
            tally.mayHit(hour, here, oracle.holds(task));
        }
        switch (decision) {
            case PlacementDecision.RunHere run -> {
                tally.reasons.merge(run.reason(), 1L, Long::sum);
                runHere(task, key, ready);
            }
            case PlacementDecision.Forward forward -> {
                tally.reasons.merge(forward.reason(), 1L, Long::sum);
                forward(task, key, forward);
            }
            case PlacementDecision.Refuse _ -> tally.refused++;
        }
        others.call(task, nowNanos);
    }

    private Placer.Situation situation(int task, long key, boolean ready) {
        int free = slots.free((double) nowNanos);
        var load =
                new NodeLoad(
                        SimSettings.SLOTS,
                        free,
                        NODE_BYTES,
                        NODE_BYTES - (SimSettings.SLOTS - free) * CALL_BYTES,
                        (long) slots.waitNanos((double) nowNanos));
        return new Placer.Situation(
                key,
                traits.programBytes(task),
                CALL_BYTES,
                EligibleRegions.EVERYWHERE,
                false,
                Fit.FITS,
                ready ? Replica.READY : warm.isHeld(task) ? Replica.HELD : Replica.ABSENT,
                load,
                (long) traits.startNanos(task),
                LatencyNeed.NORMAL);
    }

    private void runHere(int task, long key, boolean ready) {
        double run = traits.runNanos(task, links.roundTripNanos(0));
        placer.popularity().times().ranHere(key, (long) run, nowNanos);
        if (!ready) {
            double start = traits.startNanos(task);
            run += start;
            warm.bring(task, key, traits.programBytes(task), nowNanos + (long) start, nowNanos);
        }
        tally.here++;
        tally.placed.add(slots.take((double) nowNanos, run) + run);
    }

    private void forward(int task, long key, PlacementDecision.Forward forward) {
        double lost = 0;
        for (RegionId region : forward.regions()) {
            int place = links.place(region);
            if (links.isCut(place, nowNanos)) {
                lost += Links.GIVEN_UP_AFTER;
            } else {
                answered(task, key, place, lost);
                if (forward.warmUp()) {
                    bring(task, key, place);
                }
                return;
            }
        }
        boolean couldRun = warm.isReady(task, nowNanos);
        if (couldRun) {
            runHere(task, key, true);
        } else {
            tally.refused++;
        }
    }

    private void answered(int task, long key, int place, double lostNanos) {
        double run = traits.runNanos(task, OtherPolicies.NEAR_NANOS);
        double way = links.wayNanos(place);
        loads.ask(links.region(place), 1);
        placer.popularity()
                .times()
                .ranThere(key, (long) (way - links.roundTripNanos(place) + run), nowNanos);
        tally.placed.add(lostNanos + way + run);
    }

    private void bring(int task, long key, int place) {
        double takes = links.roundTripNanos(place) + traits.startNanos(task);
        warm.bring(task, key, traits.programBytes(task), nowNanos + (long) takes, nowNanos);
    }
}
