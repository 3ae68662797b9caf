package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.chaos.suite.ClockWatch.Look;
import io.runnel.chaos.suite.Verdict.Finding;
import io.runnel.exec.task.RequestId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What is made of looks at a clock that is an hour ahead from 2 s to 6 s. */
final class ClockWatchTest {
    private static final long MS = 1_000_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<StepDone> STEPS =
            List.of(
                    step(new Action.Jump("eu-west-1", HOUR), 2_000),
                    step(new Action.Jump("ams", HOUR.negated()), 3_000),
                    step(new Action.Reset("eu-west-1"), 6_000));

    @Test
    void aClockThatIsSeenToJumpBothWaysWasSet() {
        List<Finding> findings = findings(looks(2_900, 6_700), 1);
        assertEquals(
                List.of("3600.0 s after 1000 ms", "0.0 s after 800 ms"),
                findings.stream().map(Finding::measured).toList());
        assertEquals(List.of(true, true), findings.stream().map(Finding::kept).toList());
        assertEquals(List.of(true, true), findings.stream().map(Finding::isBite).toList());
    }

    @Test
    void aClockThatNeverJumpsWasNotSet() {
        List<Finding> findings = findings(looks(9_000, 9_000), 1);
        assertEquals("never", findings.getFirst().measured());
        assertEquals(List.of(false, true), findings.stream().map(Finding::kept).toList());
    }

    @Test
    void aClockThatJumpsLateIsToldUnlessThereIsSlack() {
        List<Look> late = looks(5_500, 6_700);
        assertEquals(List.of(false, true), findings(late, 1).stream().map(Finding::kept).toList());
        assertEquals(List.of(true, true), findings(late, 2).stream().map(Finding::kept).toList());
    }

    @Test
    void aClockThatStaysWrongIsTold() {
        List<Finding> findings = findings(looks(2_900, 60_000), 1);
        assertEquals(List.of(true, false), findings.stream().map(Finding::kept).toList());
    }

    @Test
    void aRequestsIdHoldsItsTime() {
        long millis = 1_795_740_123_456L;
        RequestId id = RequestId.next(millis, new Random(7));
        assertEquals(Optional.of(millis), ClockWatch.millis(id.value()));
        assertEquals(Optional.empty(), ClockWatch.millis("no id"));
    }

    /** A look each 100 ms; the clock is ahead between these. */
    private static List<Look> looks(long fromMs, long toMs) {
        List<Look> looks = new ArrayList<>();
        for (long ms = 0; ms < 10_000; ms += 100) {
            boolean isAhead = ms > fromMs && ms <= toMs;
            looks.add(new Look(ms * MS, isAhead ? HOUR : Duration.ofMillis(3)));
        }
        return looks;
    }

    private static List<Finding> findings(List<Look> looks, double slack) {
        return ClockWatch.findings("eu-west-1", looks, STEPS, slack);
    }

    private static StepDone step(Action action, long atMs) {
        return new StepDone(action, atMs * MS, atMs * MS);
    }
}
