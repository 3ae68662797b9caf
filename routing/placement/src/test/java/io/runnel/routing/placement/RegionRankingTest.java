package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.RegionView.Reach;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

class RegionRankingTest {
    private static final long MILLI = 1_000_000;

    private final RegionRanking ranking =
            new RegionRanking(new RegionId("own"), ids("far", "near", "twin"));
    private final Map<RegionId, RegionView> views = new HashMap<>();

    RegionRankingTest() {
        see("own", Reach.UP, 90);
        see("far", Reach.UP, 80);
        see("near", Reach.UP, 10);
        see("twin", Reach.UP, 10);
        see("else", Reach.UP, 1);
    }

    @Test
    void theOwnRegionComesFirstThenTheNearest() {
        assertEquals(ids("own", "near", "twin", "far"), rank());
    }

    @Test
    void whatIsDownOrDrainsIsLeftOut() {
        see("own", Reach.DOWN, 1);
        see("near", Reach.DRAINING, 1);
        assertEquals(ids("twin", "far"), rank());
        see("twin", Reach.DOWN, 1);
        see("far", Reach.DOWN, 1);
        assertEquals(List.of(), rank());
    }

    @Test
    void whatIsUpComesBeforeWhatIsUnknown() {
        see("own", Reach.UNKNOWN, 0);
        see("near", Reach.UNKNOWN, 0);
        assertEquals(ids("twin", "far", "own", "near"), rank());
        views.clear();
        assertEquals(ids("own", "far", "near", "twin"), rank());
    }

    @Test
    void aBoundVersionGoesNowhereElse() {
        assertEquals(ids("far"), rank("far"));
        assertEquals(ids("own", "near"), rank("near", "own"));
        assertEquals(List.of(), rank("nowhere-known").stream().filter(views::containsKey).toList());
        see("far", Reach.DOWN, 1);
        assertEquals(List.of(), rank("far"));
    }

    @Test
    void aBoundVersionMayGoToItsRegionsThatAreNoFailover() {
        assertEquals(ids("far", "else"), rank("else", "far"));
        assertEquals(ids("else"), rank("else"));
    }

    @Test
    void theOwnRegionGivesWayToOneThatIsMuchNearer() {
        see("own", Reach.UP, 400 * MILLI);
        see("near", Reach.UP, 90 * MILLI);
        see("twin", Reach.UP, 110 * MILLI);
        see("far", Reach.UP, 160 * MILLI);
        assertEquals(ids("near", "twin", "far", "own"), rank());
        see("own", Reach.UP, 170 * MILLI);
        assertEquals(ids("own", "near", "twin", "far"), rank());
    }

    @Test
    void whatIsFullIsNotAskedWhileAnotherIsNot() {
        full("own");
        assertEquals(ids("near", "twin", "far"), rank());
        full("near");
        full("twin");
        see("far", Reach.UNKNOWN, 0);
        assertEquals(ids("far"), rank());
        full("far");
        assertEquals(RegionChoice.FULL, choose(0));
        see("twin", Reach.DRAINING, 0);
        assertEquals(RegionChoice.FULL, choose(0), "rather than ask one that drains");
    }

    @Test
    void theLastEndpointIsNamedWhateverIsSaidOfIt() {
        see("own", Reach.DOWN, 10);
        see("far", Reach.DOWN, 3);
        see("near", Reach.DOWN, 1);
        see("twin", Reach.DOWN, 2);
        assertEquals(List.of(), choose(0).regions());
        assertEquals(ids("own"), choose(0).lastResort());
        see("twin", Reach.DRAINING, 500 * MILLI);
        assertEquals(ids("twin"), choose(0).lastResort());
        assertEquals(ids("far"), choose(0, "far").lastResort());
        see("far", Reach.UP, 1);
        assertEquals(ids("far"), choose(0).regions());
        assertEquals(List.of(), choose(0).lastResort());
    }

    @Test
    void loadCountsAsMuchAsItMayDelay() {
        see("own", Reach.DOWN, 0);
        views.put(new RegionId("near"), new RegionView(Reach.UP, 30 * MILLI, 99));
        see("twin", Reach.UP, 36 * MILLI);
        see("far", Reach.UP, 45 * MILLI);
        assertEquals(ids("twin", "near", "far"), rank());
        views.put(new RegionId("near"), new RegionView(Reach.UP, 30 * MILLI, 50));
        assertEquals(ids("near", "twin", "far"), rank());
    }

    @Test
    void ofTwoThatAreDrawnTheLessLoadedComesFirst() {
        see("own", Reach.DOWN, 0);
        views.put(new RegionId("near"), new RegionView(Reach.UP, 30 * MILLI, 45));
        views.put(new RegionId("twin"), new RegionView(Reach.UP, 31 * MILLI, 20));
        views.put(new RegionId("far"), new RegionView(Reach.UP, 32 * MILLI, 10));
        Map<RegionId, Integer> firsts = new HashMap<>();
        Random random = seeded();
        for (int i = 0; i < 3000; i++) {
            RegionChoice choice = choose(random.nextLong());
            assertEquals(Set.copyOf(ids("near", "twin", "far")), Set.copyOf(choice.regions()));
            firsts.merge(choice.regions().getFirst(), 1, Integer::sum);
        }
        // Three pairs, each as likely: far wins two of them, twin one, the most loaded none.
        assertEquals(2000, firsts.get(new RegionId("far")), 150, firsts::toString);
        assertEquals(1000, firsts.get(new RegionId("twin")), 150, firsts::toString);
        assertEquals(2, firsts.size(), firsts::toString);
    }

    @Test
    void theOwnRegionIsNotDrawnForAsLongAsItIsCalm() {
        Random random = seeded();
        views.put(new RegionId("own"), new RegionView(Reach.UP, MILLI, 50));
        for (int i = 0; i < 100; i++) {
            assertEquals(ids("own", "near", "twin", "far"), choose(random.nextLong()).regions());
        }
        views.put(new RegionId("own"), new RegionView(Reach.UP, MILLI, 60));
        int own = 0;
        for (int i = 0; i < 100; i++) {
            own += choose(random.nextLong()).regions().getFirst().value().equals("own") ? 1 : 0;
        }
        assertEquals(0, own, "when others that are as near have less to do");
    }

    /**
     * J4: the nearer one would have to start it; when the other one dies it is asked all the same.
     */
    @Test
    void whatIsWarmComesBeforeWhatIsALittleNearer() {
        copy("own", 12, RegionView.Copy.COLD);
        copy("near", 14, RegionView.Copy.WARM);
        see("far", Reach.UP, 200 * MILLI);
        see("twin", Reach.UP, 200 * MILLI);
        assertEquals(ids("near", "own", "far", "twin"), rank());
        assertEquals(RegionReason.WARM, choose(1).reason());
        see("near", Reach.DOWN, 0);
        assertEquals(ids("own", "far", "twin"), rank());
        copy("near", 40, RegionView.Copy.WARM);
        assertEquals(ids("own", "near", "far", "twin"), rank(), "much farther");
    }

    /** J5: who has the version comes before all that have an older one. */
    @Test
    void whoHasOnlyAnOlderVersionIsAskedLast() {
        copy("own", 1, RegionView.Copy.OLD);
        copy("near", 2, RegionView.Copy.OLD);
        see("twin", Reach.DOWN, 0);
        copy("far", 180, RegionView.Copy.COLD);
        assertEquals(ids("far", "own", "near"), rank());
        assertEquals(RegionReason.HOLDS, choose(1).reason());
        see("far", Reach.DOWN, 0);
        assertEquals(ids("own", "near"), rank(), "they can get it");
        assertEquals(RegionReason.WAY, choose(1).reason());
    }

    private void copy(String region, long roundTripMillis, RegionView.Copy copy) {
        views.put(new RegionId(region), new RegionView(Reach.UP, roundTripMillis * MILLI, 0, copy));
    }

    /** Who is dead, or may not run it, is never among them. */
    @Test
    void onlyRegionsThatMayRunItAndAnswerAreAsked() {
        Random random = seeded();
        List<Reach> reaches = List.of(Reach.values());
        List<RegionId> all = ids("own", "far", "near", "twin", "else");
        for (int i = 0; i < 20_000; i++) {
            for (RegionId region : all) {
                Reach reach = reaches.get(random.nextInt(reaches.size()));
                long roundTrip = random.nextInt(200) * MILLI;
                views.put(region, new RegionView(reach, roundTrip, random.nextInt(140)));
            }
            List<RegionId> bound = all.stream().filter(r -> random.nextInt(3) == 0).toList();
            RegionChoice choice =
                    ranking.choose(EligibleRegions.boundTo(bound), views::get, random.nextLong());
            for (RegionId asked : choice.regions()) {
                Reach reach = views.get(asked).reach();
                assertTrue(
                        reach == Reach.UP || reach == Reach.UNKNOWN, () -> asked + " of " + views);
                assertTrue(!views.get(asked).isFull(), () -> asked + " of " + views);
            }
            List<RegionId> named = new ArrayList<>(choice.regions());
            named.addAll(choice.lastResort());
            assertTrue(bound.isEmpty() || bound.containsAll(named), () -> named + " of " + bound);
            assertEquals(named.size(), Set.copyOf(named).size(), "each once");
            assertTrue(!named.isEmpty() || choice.full(), () -> "none of " + views);
        }
    }

    @Test
    void whatMayRunInNoRegionIsSentToNone() {
        see("own", Reach.UP, 1);
        see("near", Reach.DOWN, 1);
        RegionChoice choice =
                ranking.choose(EligibleRegions.only(List.of()), views::get, seeded().nextLong());
        assertEquals(RegionChoice.NONE, choice);
    }

    private static Random seeded() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    private void full(String region) {
        views.put(new RegionId(region), new RegionView(Reach.UP, 1, 100));
    }

    private RegionChoice choose(long random, String... bound) {
        return ranking.choose(
                EligibleRegions.boundTo(ids(bound)),
                id -> views.getOrDefault(id, RegionView.UNKNOWN),
                random);
    }

    private List<RegionId> rank(String... bound) {
        return ranking.choose(
                        EligibleRegions.boundTo(ids(bound)),
                        id -> views.getOrDefault(id, RegionView.UNKNOWN),
                        0)
                .regions();
    }

    private void see(String region, Reach reach, long roundTripNanos) {
        views.put(new RegionId(region), new RegionView(reach, roundTripNanos));
    }

    private static List<RegionId> ids(String... names) {
        return Arrays.stream(names).map(RegionId::new).toList();
    }
}
