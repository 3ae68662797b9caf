package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.RegionView.Copy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** How fresh the ranking is that a call is placed by. */
class PlacerTest {
    private static final RegionId OWN = new RegionId("own");
    private static final RegionId OTHER = new RegionId("other");
    private static final long MILLI = 1_000_000;
    private static final long START = 5 * MILLI;

    private final Placer placer =
            new Placer(new Popularity(0, new Random(1)), new RegionRanking(OWN, List.of(OTHER)));

    private RegionId first(List<RegionId> bound, long nowNanos, RegionId down) {
        Function<RegionId, RegionView> views =
                region ->
                        new RegionView(
                                region.equals(down) ? RegionView.Reach.DOWN : RegionView.Reach.UP,
                                10 * MILLI);
        return placer.came(situation(bound), views, nowNanos, 1).regions().getFirst();
    }

    private static Placer.Situation situation(List<RegionId> bound) {
        return new Placer.Situation(
                7,
                1 << 20,
                1 << 20,
                EligibleRegions.boundTo(bound),
                false,
                Fit.FITS,
                Replica.READY,
                new NodeLoad(8, 8, 1L << 30, 1L << 30, 0),
                0,
                LatencyNeed.NORMAL);
    }

    @Test
    void callsOfOneMomentGoByOneRankingAndThoseOfTheNextByANewOne() {
        assertEquals(OWN, first(List.of(), START, OTHER));
        assertEquals(OWN, first(List.of(), START + MILLI - 1, OWN));
        assertEquals(OTHER, first(List.of(), START + MILLI, OWN));
    }

    @Test
    void aClockThatWasReadEarlierRanksAnew() {
        assertEquals(OWN, first(List.of(), START, OTHER));
        assertEquals(OTHER, first(List.of(), START - 1, OWN));
    }

    /** Of one moment, each version by what regions have of it. */
    @Test
    void versionsOfOneMomentGoByWhatRegionsHaveOfThem() {
        Function<RegionId, RegionView> up =
                region -> new RegionView(RegionView.Reach.UP, 10 * MILLI);
        for (int i = 0; i < 2; i++) {
            assertEquals(OWN, first(region -> Copy.UNKNOWN, up));
            assertEquals(OTHER, first(region -> region.equals(OWN) ? Copy.OLD : Copy.COLD, up));
            assertEquals(OWN, first(region -> Copy.OLD, up));
            assertEquals(OTHER, first(region -> region.equals(OWN) ? Copy.COLD : Copy.WARM, up));
        }
    }

    @Test
    void whatRegionsHaveOfAVersionIsLookedUpOnceInAMoment() {
        Function<RegionId, RegionView> up =
                region -> new RegionView(RegionView.Reach.UP, 10 * MILLI);
        AtomicInteger looks = new AtomicInteger();
        Function<RegionId, Copy> copies =
                region -> {
                    looks.incrementAndGet();
                    return region.equals(OWN) ? Copy.OLD : Copy.COLD;
                };
        assertEquals(OTHER, first(copies, up));
        int once = looks.get();
        for (int i = 0; i < 5; i++) {
            assertEquals(OTHER, first(copies, up));
        }
        assertEquals(once, looks.get());
        assertEquals(OWN, first(region -> Copy.OLD, up), "another version in the same moment");
        assertEquals(OTHER, first(copies, up));
    }

    private RegionId first(Function<RegionId, Copy> copies, Function<RegionId, RegionView> views) {
        Placer.Situation any = situation(List.of());
        return placer.came(
                        new Placer.Situation(
                                any.key(),
                                any.programBytes(),
                                any.callBytes(),
                                any.eligible(),
                                any.draining(),
                                any.fit(),
                                any.replica(),
                                any.load(),
                                any.startNanos(),
                                any.need(),
                                copies),
                        views,
                        START,
                        1)
                .regions()
                .getFirst();
    }

    @Test
    void whatIsBoundIsRankedByItself() {
        assertEquals(OWN, first(List.of(), START, OTHER));
        assertEquals(OTHER, first(List.of(OTHER), START, OWN));
        assertEquals(OWN, first(List.of(), START, OWN));
    }
}
