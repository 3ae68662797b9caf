package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class ScoreSheetTest {
    @Test
    void saysWhatWasWeighedAndWhichLimitDecided() {
        Explanation explained = Placement.explain(Inputs.popular().takes(80.5, 4, true).input());
        assertEquals(Placement.decide(explained.input()), explained.decision());
        Map<String, String> shown = new HashMap<>();
        for (ScoreSheet.Score score : ScoreSheet.of(explained)) {
            String unit = score.unit().isEmpty() ? "" : " " + score.unit();
            assertEquals(null, shown.put(score.name(), score.value() + unit), score.name());
        }
        assertEquals("time", shown.get("limit"));
        assertEquals("fits", shown.get("fit"));
        assertEquals("40 calls", shown.get("recent-calls"));
        assertEquals("80.500 ms", shown.get("run-here"));
        assertEquals("20 ms", shown.get("round-trip"));
        assertEquals("1.200 ms", shown.get("margin"));
        assertEquals("yes", shown.get("away"));
        assertEquals("8 slots", shown.get("free-slots"));
    }

    @Test
    void everyLimitHasAWord() {
        for (Limit limit : Limit.values()) {
            assertTrue(limit.label().matches("[a-z-]+"), limit.label());
        }
        assertEquals(
                List.of("calls", "code", "room", "profile-network"),
                List.of(
                        Inputs.rare().limit().label(),
                        Inputs.popular().replica(Replica.HELD).limit().label(),
                        Inputs.popular().room(Room.QUEUE).limit().label(),
                        Inputs.popular().fit(Fit.NO_NETWORK).limit().label()));
    }
}
