package io.runnel.pop;

import io.runnel.exec.isolate.Readiness;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.exec.task.Usage;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionLink;
import io.runnel.routing.placement.Explanation;
import io.runnel.routing.placement.NodeLoad;
import io.runnel.routing.placement.PlacedReason;
import io.runnel.routing.placement.Placement;
import io.runnel.routing.placement.PlacementDecision;
import io.runnel.routing.placement.PlacementInput;
import io.runnel.routing.placement.Placer;
import io.runnel.routing.placement.ProgramCost;
import io.runnel.routing.placement.RegionView;
import io.runnel.routing.placement.Replica;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What placement has to know of this POP: gathers it for each call, and takes in how long calls
 * took, here and in regions. Never blocks. Any thread.
 *
 * @param draining whether the POP takes no work of its own any more
 * @param nanoClock of demand: the one of the placer's popularity
 */
record CallPlacing(
        Topology topology,
        Pop pop,
        Placer placer,
        TaskRunner runner,
        Function<RegionId, RegionView> regions,
        RegionStocks stocks,
        Qualifications qualifications,
        HeldSecrets secrets,
        BooleanSupplier draining,
        LongSupplier nanoClock)
        implements RegionForwarding.Answered {

    /**
     * A call that came: where it runs, and why.
     *
     * @param key of its task
     */
    record Came(long key, Explanation explained) {}

    /**
     * A call came.
     *
     * @param hasSecrets whether secrets are to be set in it, which are in regions only
     */
    Came came(VersionRecord version, boolean hasSecrets) {
        Placer.Situation situation = situation(version, hasSecrets);
        PlacementInput input =
                placer.came(
                        situation,
                        regions,
                        nanoClock.getAsLong(),
                        ThreadLocalRandom.current().nextLong());
        return new Came(situation.key(), placer.explain(situation.key(), input));
    }

    /**
     * A call came that a region is to keep: it goes there, whatever there is here, and it is no
     * demand for anything here.
     */
    Came cameToBeKept(VersionRecord version) {
        Explanation here = ifCame(version);
        List<RegionId> regions = here.input().regions();
        PlacementDecision decision =
                regions.isEmpty()
                        ? new PlacementDecision.Refuse(
                                PlacementDecision.Refusal.REGION_UNREACHABLE, PlacedReason.POLICY)
                        : new PlacementDecision.Forward(PlacedReason.POLICY, regions, false);
        return new Came(
                key(version.task().ref()), new Explanation(here.input(), decision, here.limit()));
    }

    /** Where a call would run that came now, and why. */
    Explanation ifCame(VersionRecord version) {
        return Placement.explain(
                placer.ifCame(
                        situation(version, false),
                        regions,
                        nanoClock.getAsLong(),
                        ThreadLocalRandom.current().nextLong()));
    }

    private Placer.Situation situation(VersionRecord version, boolean hasSecrets) {
        Task task = version.task();
        Qualifications.Places places = qualifications.places(version, pop, topology);
        return new Placer.Situation(
                key(task.ref()),
                ProgramCost.bytes(version.codeSize()),
                task.limits().memory().bytes(),
                places.regions(),
                draining.getAsBoolean(),
                places.fit(),
                replica(version, hasSecrets),
                load(task),
                // What opening a program takes is not told yet.
                0,
                task.options().latency(),
                stocks.of(version));
    }

    private NodeLoad load(Task task) {
        int slots = runner.freeSlots();
        long memory = runner.freeMemory().bytes();
        boolean free = slots > 0 && memory >= task.limits().memory().bytes();
        return new NodeLoad(
                pop.slots(),
                slots,
                pop.memory().bytes(),
                memory,
                free ? 0 : runner.expectedWait().toNanos());
    }

    private Replica replica(VersionRecord version, boolean hasSecrets) {
        Replica code = replica(runner.readiness(version.task()));
        boolean lacks = hasSecrets || !secrets.has(version);
        return lacks && code != Replica.ABSENT ? Replica.WITHOUT_SECRETS : code;
    }

    private static Replica replica(Readiness readiness) {
        return switch (readiness) {
            case EXPECTED -> Replica.EXPECTED;
            case READY -> Replica.READY;
            case HELD -> Replica.HELD;
            case ABSENT -> Replica.ABSENT;
        };
    }

    private long key(TaskRef task) {
        return placer.popularity().key(task);
    }

    /**
     * A call ended here, somehow.
     *
     * @param key of its task
     */
    void ranHere(long key, Outcome outcome) {
        switch (outcome) {
            case Outcome.Completed(Usage usage) -> ranHere(key, usage);
            case Outcome.FunctionError(Usage usage, int _) -> ranHere(key, usage);
            case Outcome.Trapped _,
                    Outcome.TimedOut _,
                    Outcome.MemoryExceeded _,
                    Outcome.StackExceeded _,
                    Outcome.OutputExceeded _,
                    Outcome.Cancelled _,
                    Outcome.Moved _,
                    Outcome.Refused _ -> {}
        }
    }

    private void ranHere(long key, Usage usage) {
        placer.popularity()
                .times()
                .ranHere(key, usage.startNanos() + usage.runNanos(), nanoClock.getAsLong());
    }

    /** A region's node says what it ran. */
    @Override
    public void ran(
            RegionLink node, VersionRecord asked, ForwardResult.Run run, long startedNanos) {
        stocks.ran(node, asked, run, startedNanos);
    }

    @Override
    public NodeStart.Of starts(VersionRecord version) {
        return stocks.of(version);
    }

    /**
     * A region answered a call well.
     *
     * @param tookNanos from sending it on to the end of the answer
     */
    @Override
    public void by(RegionId region, TaskRef task, long tookNanos) {
        long run = Math.max(0, tookNanos - regions.apply(region).roundTripNanos());
        placer.popularity().times().ranThere(key(task), run, nanoClock.getAsLong());
    }
}
