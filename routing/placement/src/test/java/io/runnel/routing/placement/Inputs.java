package io.runnel.routing.placement;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;

import java.util.List;

/** Inputs of decisions, from what is usual and what a test changes. */
final class Inputs {
    static final List<RegionId> REGIONS = List.of(new RegionId("eu-west"), new RegionId("us-east"));
    static final long MILLI = 1_000_000;

    private boolean draining;
    private Fit fit = Fit.FITS;
    private Demand demand;
    private Replica replica = Replica.READY;
    private Room room = Room.FREE;
    private NodeLoad load = new NodeLoad(8, 8, 1L << 30, 1L << 30, 0);
    private RunTime time = RunTime.UNKNOWN;
    private long startNanos;
    private LatencyNeed need = LatencyNeed.NORMAL;
    private RegionChoice choice = reachable(20);

    private Inputs(Demand demand) {
        this.demand = demand;
    }

    static Inputs called(float recentCalls) {
        return new Inputs(new Demand(recentCalls, recentCalls, 1 << 20, false, 0, 0));
    }

    static Inputs of(Demand demand) {
        return new Inputs(demand);
    }

    static Inputs popular() {
        return called(40);
    }

    static Inputs rare() {
        return called(1);
    }

    private static RegionChoice reachable(long roundTripMillis) {
        RegionView view = new RegionView(RegionView.Reach.UP, roundTripMillis * MILLI);
        return new RegionChoice(REGIONS, view, RegionReason.WAY, false, List.of());
    }

    Inputs draining(boolean value) {
        draining = value;
        return this;
    }

    Inputs fit(Fit value) {
        fit = value;
        return this;
    }

    Inputs demand(Demand value) {
        demand = value;
        return this;
    }

    Inputs replica(Replica value) {
        replica = value;
        return this;
    }

    Inputs room(Room value) {
        room = value;
        return this;
    }

    Inputs reachable(boolean value) {
        choice = value ? choice : RegionChoice.NONE;
        return this;
    }

    Inputs choice(RegionChoice value) {
        choice = value;
        return this;
    }

    Inputs roundTripMillis(long value) {
        choice = reachable(value);
        return this;
    }

    Inputs freeSlots(int value) {
        load = new NodeLoad(8, value, 1L << 30, 1L << 30, 0);
        return this;
    }

    Inputs startMillis(long value) {
        startNanos = value * MILLI;
        return this;
    }

    Inputs need(LatencyNeed value) {
        need = value;
        return this;
    }

    /** What calls take, in milliseconds. */
    Inputs takes(double here, double there, boolean away) {
        time = new RunTime((long) (here * MILLI), (long) (there * MILLI), 10, 10, away);
        return this;
    }

    Inputs time(RunTime value) {
        time = value;
        return this;
    }

    PlacementInput input() {
        return new PlacementInput(
                draining, fit, demand, replica, room, load, time, startNanos, need, choice);
    }

    PlacementDecision decide() {
        return Placement.decide(input());
    }

    Limit limit() {
        return Placement.explain(input()).limit();
    }
}
