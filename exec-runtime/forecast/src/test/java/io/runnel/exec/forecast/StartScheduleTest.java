package io.runnel.exec.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class StartScheduleTest {
    private static final long NOW_MS = 1_767_225_000_000L;
    private static final long LATEST_MS = NOW_MS + 60_000;
    private static final long SLACK_MS = 30_000;

    private final StartSchedule schedule = new StartSchedule(1);

    @Test
    void whatIsAloneStartsAsLateAsItMay() {
        assertEquals(LATEST_MS, schedule.place(NOW_MS, LATEST_MS, 500, SLACK_MS));
    }

    @Test
    void whatIsDueTogetherIsSpreadBackwardsAndNothingIsLate() {
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            starts.add(schedule.place(NOW_MS, LATEST_MS, 500, SLACK_MS));
        }
        starts.sort(null);
        assertEquals(LATEST_MS, starts.getLast());
        for (int i = 1; i < starts.size(); i++) {
            assertTrue(starts.get(i) - starts.get(i - 1) >= 500, starts.toString());
        }
        assertTrue(starts.getFirst() >= LATEST_MS - SLACK_MS, starts.toString());
        assertEquals(0, schedule.crowded());
    }

    @Test
    void whatFindsNoTimeWithinItsSlackStartsAtItsLatestAndIsCounted() {
        for (int i = 0; i < 70; i++) {
            long at = schedule.place(NOW_MS, LATEST_MS, 500, SLACK_MS);
            assertTrue(at <= LATEST_MS && at >= LATEST_MS - SLACK_MS, at + "");
        }
        assertEquals(70 - 61, schedule.crowded());
    }

    @Test
    void whatShouldHaveStartedStartsNow() {
        assertEquals(NOW_MS, schedule.place(NOW_MS, NOW_MS - 5_000, 500, SLACK_MS));
        assertEquals(NOW_MS, schedule.place(NOW_MS, NOW_MS, 500, SLACK_MS));
    }

    @Test
    void timeThatPassedIsFreeAgain() {
        for (long round = 0; round < 5_000; round++) {
            long latest = LATEST_MS + round * 1_000;
            assertEquals(latest, schedule.place(latest - 60_000, latest, 500, SLACK_MS));
        }
    }

    @Test
    void severalAtOnceTakeLongerButNotMoreThanTheirWork() {
        assertEquals(3 * 200, new StartSchedule(2).workMs(5, 200));
        assertEquals(200, new StartSchedule(8).workMs(5, 200));
        assertThrows(IllegalArgumentException.class, () -> new StartSchedule(0));
    }
}
