package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.PlacementDecision.Forward;
import io.runnel.routing.placement.PlacementDecision.Refusal;
import io.runnel.routing.placement.PlacementDecision.Refuse;
import io.runnel.routing.placement.PlacementDecision.RunHere;
import io.runnel.routing.placement.PlacementDecision.Waiting;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

class PlacementScoresTest {
    private static final PlacementDecision HERE = new RunHere(PlacedReason.POPULAR, Waiting.NONE);
    private static final PlacementDecision AWAY =
            new Forward(PlacedReason.LATENCY, Inputs.REGIONS, false);

    @Test
    void whatIsReallyFasterInTheRegionRunsThere() {
        // Four round trips of 20 ms to a service near the region, or one round trip to the region.
        assertEquals(AWAY, Inputs.popular().takes(80, 4, false).decide());
        assertEquals(Limit.TIME, Inputs.popular().takes(80, 4, false).limit());
        assertEquals(HERE, Inputs.popular().takes(4, 4, false).decide());
        assertEquals(
                HERE,
                Inputs.popular().time(new RunTime(80_000_000, 4_000_000, 10, 3, false)).decide(),
                "too little is known of the region");
    }

    @Test
    void smallDifferencesMoveNothing() {
        Random random = seeded();
        for (int i = 0; i < 10_000; i++) {
            double there = random.nextDouble() * 50;
            double here = there + 1 + random.nextDouble() * 1.999;
            Inputs inputs = Inputs.popular().roundTripMillis(1).takes(here, there, false);
            assertEquals(HERE, inputs.decide(), () -> inputs.input().toString());
        }
    }

    @Test
    void whatIsAwayComesBackOnlyWhenTheRegionIsHardlyFaster() {
        assertEquals(AWAY, Inputs.popular().roundTripMillis(1).takes(6, 2, true).decide());
        assertEquals(AWAY, Inputs.popular().roundTripMillis(1).takes(4, 2, true).decide());
        assertEquals(HERE, Inputs.popular().roundTripMillis(1).takes(4, 2, false).decide());
        assertEquals(HERE, Inputs.popular().roundTripMillis(1).takes(3.2, 2, true).decide());
    }

    @Test
    void whatIsHeldRunsHereIfItIsReadySoonerThanARegionAnswers() {
        PlacementDecision soonest = new RunHere(PlacedReason.LATENCY, Waiting.NONE);
        Inputs held = Inputs.rare().replica(Replica.HELD).startMillis(9);
        assertEquals(soonest, held.decide());
        assertEquals(Limit.CALLS, held.startMillis(19).limit(), "hardly sooner");
        assertEquals(Limit.CALLS, held.startMillis(0).limit(), "nobody knows");
        assertEquals(Limit.CALLS, held.startMillis(9).freeSlots(2).limit(), "scarce");
        assertEquals(Limit.CALLS, held.freeSlots(8).replica(Replica.ABSENT).limit());
        held.replica(Replica.HELD).takes(80, 4, false);
        assertEquals(Limit.CALLS, held.limit(), "the region is faster");
        assertEquals(
                Limit.PROFILE_TIME,
                Inputs.rare().fit(Fit.TOO_LONG).replica(Replica.HELD).startMillis(9).limit());
    }

    @Test
    void whatIsUrgentLeavesOnlyForMuch() {
        assertEquals(AWAY, Inputs.popular().takes(60, 20, false).decide());
        assertEquals(HERE, Inputs.popular().takes(55, 20, false).need(LatencyNeed.URGENT).decide());
        assertEquals(AWAY, Inputs.popular().takes(80, 20, false).need(LatencyNeed.URGENT).decide());
    }

    @Test
    void whatIsUrgentComesSooner() {
        Inputs some = Inputs.called(5);
        assertEquals(Limit.CALLS, some.limit());
        assertEquals(Limit.CALLS, some.need(LatencyNeed.RELAXED).limit());
        assertEquals(Limit.NONE, some.need(LatencyNeed.URGENT).limit());
        assertEquals(Limit.CALLS, Inputs.called(4).need(LatencyNeed.URGENT).limit());
        assertEquals(
                Limit.CODE,
                some.replica(Replica.ABSENT).limit(),
                "it is brought, and waits for it");
    }

    @Test
    void whatIsRelaxedLeavesThePopFirst() {
        Demand most = new Demand(400, 400, 1 << 20, true, 0, 0);
        for (LatencyNeed need : LatencyNeed.values()) {
            Inputs task = Inputs.of(most).need(need);
            assertEquals(Limit.NONE, task.freeSlots(3).limit(), need + " while there is room");
            Limit scarce = need == LatencyNeed.RELAXED ? Limit.RANK : Limit.NONE;
            assertEquals(scarce, task.freeSlots(2).limit(), need.label());
        }
        PlacementInput alone =
                Inputs.of(most).need(LatencyNeed.RELAXED).freeSlots(2).input().withoutRegions();
        assertTrue(Placement.decide(alone) instanceof RunHere, "where else");
    }

    @Test
    void aLongerWayToTheRegionsBringsTasksHome() {
        int before = 0;
        int after = 0;
        for (int here = 1; here <= 200; here++) {
            before += Inputs.popular().takes(here, 2, false).decide().equals(HERE) ? 1 : 0;
            after +=
                    Inputs.popular()
                                    .roundTripMillis(320)
                                    .takes(here, 2, false)
                                    .decide()
                                    .equals(HERE)
                            ? 1
                            : 0;
        }
        assertTrue(before < 40, "at 20 ms: " + before);
        assertEquals(200, after, "at 320 ms");
    }

    @Test
    void theLongerTheWayTheFewerCallsMakeATaskPopular() {
        assertEquals(Limit.CALLS, Inputs.called(10).roundTripMillis(100).limit());
        assertEquals(Limit.NONE, Inputs.called(10).roundTripMillis(200).limit());
        assertEquals(Limit.CALLS, Inputs.called(4).roundTripMillis(10_000).limit(), "5 at least");
        assertEquals(Limit.CALLS, Inputs.called(10).reachable(false).limit(), "no way, no saving");
    }

    @Test
    void whatIsAwayRunsHereWhenNoRegionIsLeft() {
        PlacementInput input = Inputs.popular().takes(80, 4, true).input();
        assertEquals(HERE, Placement.decide(input.withoutRegions()));
    }

    @Test
    void theLastSlotsAreForWhatIsCalledMost() {
        Demand hot = new Demand(400, 400, 1 << 20, false, 0, 3);
        Demand less = new Demand(40, 40, 1 << 20, false, 0, 3);
        assertEquals(HERE, Inputs.popular().demand(less).freeSlots(3).decide());
        assertEquals(HERE, Inputs.popular().demand(hot).freeSlots(2).decide());
        assertEquals(Limit.RANK, Inputs.popular().demand(less).freeSlots(2).limit());
        assertEquals(
                new Forward(PlacedReason.CAPACITY, Inputs.REGIONS, false),
                Inputs.popular().demand(less).freeSlots(2).decide());
        assertEquals(
                Limit.RANK,
                Inputs.rare().replica(Replica.EXPECTED).demand(less).freeSlots(1).limit());
    }

    @Test
    void whatIsNotWorthItsMemoryIsUncommonHoweverOftenItIsCalled() {
        Demand huge = new Demand(40, 40, 1L << 28, false, 1e-8, 0);
        assertEquals(Limit.WORTH, Inputs.popular().demand(huge).limit());
        assertEquals(
                new Forward(PlacedReason.UNCOMMON, Inputs.REGIONS, false),
                Inputs.popular().demand(huge).decide());
        assertEquals(
                new Forward(PlacedReason.UNCOMMON, Inputs.REGIONS, true),
                Inputs.popular().demand(huge).replica(Replica.ABSENT).decide(),
                "its code is brought once");
    }

    @Test
    void whatIsReadyNeedsALittleLessToStay() {
        Demand nearly = new Demand(40, 40, 1 << 20, false, 0, 0);
        double bar = nearly.worth() * 1.2;
        Demand below = new Demand(40, 40, 1 << 20, false, bar, 0);
        assertEquals(Limit.NONE, Inputs.popular().demand(below).limit());
        assertEquals(Limit.WORTH, Inputs.popular().demand(below).replica(Replica.HELD).limit());
        Demand wellBelow = new Demand(40, 40, 1 << 20, false, nearly.worth() * 1.5, 0);
        assertEquals(Limit.WORTH, Inputs.popular().demand(wellBelow).limit());
    }

    @Test
    void fullRegionsAreNotAskedAndTheRefusalSaysSo() {
        assertEquals(
                new Refuse(Refusal.OVER_CAPACITY, PlacedReason.UNCOMMON),
                Inputs.rare().replica(Replica.ABSENT).choice(RegionChoice.FULL).decide());
        assertEquals(
                new Refuse(Refusal.OVER_CAPACITY, PlacedReason.PINNED),
                Inputs.popular().fit(Fit.BOUND_ELSEWHERE).choice(RegionChoice.FULL).decide());
        assertEquals(
                new RunHere(PlacedReason.CAPACITY, Waiting.LONG),
                Inputs.rare().choice(RegionChoice.FULL).decide());
        assertEquals(HERE, Inputs.popular().choice(RegionChoice.FULL).decide());
    }

    @Test
    void theLastEndpointIsTriedRatherThanRefuse() {
        RegionChoice last =
                new RegionChoice(
                        List.of(),
                        RegionView.UNKNOWN,
                        RegionReason.WAY,
                        false,
                        List.of(new RegionId("eu-west")));
        PlacementInput nowhere = Inputs.rare().replica(Replica.ABSENT).choice(last).input();
        assertEquals(
                new Forward(PlacedReason.UNCOMMON, last.lastResort(), false),
                Placement.decide(nowhere));
        assertEquals(
                new Refuse(Refusal.REGION_UNREACHABLE, PlacedReason.UNCOMMON),
                Placement.decide(nowhere.withoutRegions()));
        assertEquals(
                new RunHere(PlacedReason.STALE, Waiting.LONG),
                Inputs.rare().choice(last).decide(),
                "what can run here does not wait for a region that is down");
    }

    /** Whatever the load, the regions and the measurements. */
    @Test
    void whatDoesNotFitNeverRunsHere() {
        Random random = seeded();
        for (int i = 0; i < 100_000; i++) {
            PlacementInput input = drawn(random);
            for (PlacementDecision decision :
                    List.of(Placement.decide(input), Placement.decide(input.withoutRegions()))) {
                if (input.fit() != Fit.FITS || input.draining()) {
                    assertFalse(decision instanceof RunHere, () -> decision + " of " + input);
                }
            }
        }
    }

    private static PlacementInput drawn(Random random) {
        RegionChoice choice =
                switch (random.nextInt(4)) {
                    case 0 -> RegionChoice.NONE;
                    case 1 -> RegionChoice.FULL;
                    default -> Inputs.popular().input().choice();
                };
        return Inputs.called(random.nextInt(40))
                .draining(random.nextInt(8) == 0)
                .fit(drawn(random, Fit.values()))
                .replica(drawn(random, Replica.values()))
                .room(drawn(random, Room.values()))
                .freeSlots(random.nextInt(9))
                .takes(random.nextInt(100), random.nextInt(100), random.nextBoolean())
                .choice(choice)
                .input();
    }

    private static <T> T drawn(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Random seeded() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        return new Random(seed);
    }
}
