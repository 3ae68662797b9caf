package io.runnel.exec.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class WaitingTickTest {
    private static final Instant SIX = Instant.parse("2026-11-30T06:00:00Z");

    private static WaitingTick waiting(String cron, Instant since) {
        Schedule schedule =
                new Schedule(
                        new AccountId("demo"),
                        new ScheduleName("often"),
                        new TaskName("report"),
                        Qualifier.NONE,
                        cron,
                        "UTC",
                        Optional.empty(),
                        Duration.ofHours(1));
        return new WaitingTick(new StandingSchedule(schedule, since));
    }

    @Test
    void whatWasTakenIsDueAgainOnlyIfItCameToNothing() {
        WaitingTick one = waiting("* * * * *", SIX.minusSeconds(30));
        assertEquals(Optional.empty(), one.takeDue(SIX.minusSeconds(1)));
        assertEquals(Optional.of(SIX), one.takeDue(SIX));
        assertEquals(Optional.empty(), one.takeDue(SIX.plusSeconds(90)), "it was taken");
        one.settle(SIX, false);
        assertEquals(Optional.of(SIX), one.takeDue(SIX.plusSeconds(1)));
        one.settle(SIX, true);
        assertEquals(Optional.empty(), one.takeDue(SIX.plusSeconds(59)));
        assertEquals(Optional.of(SIX.plusSeconds(60)), one.takeDue(SIX.plusSeconds(60)));
    }

    @Test
    void ofThoseThatCameMeanwhileTheLastOneIsDue() {
        WaitingTick one = waiting("* * * * *", SIX.minusSeconds(30));
        assertEquals(Optional.of(SIX), one.takeDue(SIX));
        one.settle(SIX, false);
        assertEquals(Optional.of(SIX.plusSeconds(180)), one.takeDue(SIX.plusSeconds(200)));
    }

    @Test
    void aClockThatIsSetBackMakesNothingDueTwice() {
        WaitingTick one = waiting("* * * * *", SIX.minusSeconds(30));
        assertEquals(Optional.of(SIX), one.takeDue(SIX));
        one.settle(SIX, true);
        for (int seconds = -3600; seconds < 60; seconds += 20) {
            assertEquals(Optional.empty(), one.takeDue(SIX.plusSeconds(seconds)));
        }
        assertEquals(Optional.of(SIX.plusSeconds(60)), one.takeDue(SIX.plusSeconds(60)));
    }
}
