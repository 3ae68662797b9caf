package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.RegionView.Reach;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class RegionRankingTest {
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

    private List<RegionId> rank(String... bound) {
        return ranking.rank(ids(bound), id -> views.getOrDefault(id, RegionView.UNKNOWN));
    }

    private void see(String region, Reach reach, long roundTripNanos) {
        views.put(new RegionId(region), new RegionView(reach, roundTripNanos));
    }

    private static List<RegionId> ids(String... names) {
        return Arrays.stream(names).map(RegionId::new).toList();
    }
}
