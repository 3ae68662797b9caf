package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the judge makes of made-up runs. */
final class JudgeTest {
    private static final String AT_EAST = "region/us-east/us-east-1";

    @Test
    void aRunInWhichNothingHappensKeepsEverything() {
        Verdict verdict = new Made().verdict();
        assertEquals(List.of(), Made.broken(verdict));
        assertTrue(verdict.isKept());
        assertEquals(Made.millis(0), verdict.recovery());
        assertEquals(120, verdict.parts().get(Schedule.Part.BEFORE).calls());
        assertEquals(240, verdict.parts().get(Schedule.Part.DURING).calls());
        assertEquals(240, verdict.parts().get(Schedule.Part.AFTER).calls());
        assertEquals(10_000_000, verdict.parts().get(Schedule.Part.AFTER).p99Ns());
    }

    @Test
    void oneFailedIdempotentCallBreaksIt() {
        Verdict verdict = new Made().fail(Made.SAFE, 2_500, 2_550).verdict();
        assertEquals(List.of("failed idempotent calls"), Made.broken(verdict));
    }

    @Test
    void theRecoveryIsWhereTheLastBadWindowEnds() {
        // The last slow call is due at 2,757 ms, 757 ms after the cut; windows begin every 250 ms.
        Verdict verdict = new Made().slow(Made.SAFE, 2_000, 2_800, 900).verdict();
        assertEquals(Made.millis(1000 - 250), verdict.recovery());
        assertEquals(List.of("p99 while the fault lasts"), Made.broken(verdict));
    }

    @Test
    void aRelapseIsNoRecovery() {
        Verdict verdict =
                new Made()
                        .slow(Made.SAFE, 2_000, 2_300, 900)
                        .slow(Made.SAFE, 8_500, 8_700, 900)
                        .verdict();
        assertEquals(Made.millis(6_750), verdict.recovery());
        assertTrue(
                Made.broken(verdict).contains("steady again, from the fault's first step"),
                verdict.toString());
    }

    @Test
    void whatIsBadToTheEndNeverRecovers() {
        Verdict verdict = new Made().fail(Made.SAFE, 9_900, 10_000).verdict();
        assertTrue(verdict.recovery().isEmpty());
        assertTrue(Made.broken(verdict).contains("p99 afterwards"));
    }

    @Test
    void onlyWhatWasUnderWayAtAStepMayFailIfSoPromised() {
        // Due at 1,957 ms, it ends at 2,007 ms: the cut at 2,000 ms met it.
        Made caught = new Made().change(Made.BARE, 1_950, 2_000, 50, CallEnd.ERROR, "");
        assertEquals(List.of(), Made.broken(caught.verdict()));
        Made later = new Made().fail(Made.BARE, 3_000, 3_050);
        assertTrue(Made.broken(later.verdict()).contains("failed other calls"));
    }

    /** Whether a call that failed while this step was taken, after the fault's first, counts. */
    private static boolean counts(Action action) {
        long ms = 1_000_000;
        Action kill = new Action.OnNode(Action.Kind.KILL, "eu-west-1");
        Scenario scenario = Made.scenario();
        Verdict verdict =
                Judge.judge(
                        scenario,
                        scenario.schedule(false),
                        new Made().fail(Made.BARE, 3_000, 3_050).calls(),
                        List.of(
                                new StepDone(kill, 2_000 * ms, 2_001 * ms),
                                new StepDone(action, 2_001 * ms, 6_000 * ms)),
                        Made.acts(1),
                        1);
        return Made.broken(verdict).contains("failed other calls");
    }

    @Test
    void whatDoesNothingToConnectionsMeetsNoCall() {
        List<Action> waiting =
                List.of(
                        new Action.OnNode(Action.Kind.AWAIT, "eu-west-1"),
                        new Action.OnCalls(Action.CallKind.FLOOD, "flood"),
                        new Action.OnDisk(Action.DiskKind.FILL, "eu-west-1"),
                        new Action.Jump("ams", Duration.ofHours(1)),
                        new Action.Reset("ams"));
        for (Action action : waiting) {
            assertTrue(counts(action), action::text);
        }
    }

    @Test
    void whatMayBreakConnectionsMeetsWhatIsUnderWay() {
        LinkName link = LinkName.parse("ams/eu-west/internal");
        List<Action> breaking =
                List.of(
                        new Action.OnNode(Action.Kind.STOP, "eu-west-1"),
                        new Action.Add(link, "timeout", false, 1, Map.of()),
                        new Action.Remove(link, "timeout"),
                        new Action.OnLink(Action.LinkKind.CUT, link),
                        new Action.Lose(link, 1),
                        new Action.Deliver(link));
        for (Action action : breaking) {
            assertFalse(counts(action), action::text);
        }
    }

    @Test
    void aShareOfFailuresIsCountedOfTheStreamsThatMayFail() {
        // 4 of the 160 calls of the stream from the fault on.
        Scenario some = Made.scenario(new Allowance.Share(0.03), Promise.From.FIRST);
        Scenario fewer = Made.scenario(new Allowance.Share(0.02), Promise.From.FIRST);
        Made made = new Made().fail(Made.BARE, 3_000, 3_200);
        assertEquals(
                List.of(),
                Made.broken(made.verdict(some, 2)).stream()
                        .filter(b -> b.startsWith("failed"))
                        .toList());
        assertTrue(Made.broken(made.verdict(fewer, 2)).contains("failed other calls"));
        Figures bare = made.verdict().streams().get("bare");
        assertEquals(4, bare.failedOthers());
        assertEquals(156.0 / 160, bare.answered(), 1e-9);
    }

    @Test
    void aRecoveryMayCountFromTheLastStep() {
        Made made = new Made().slow(Made.SAFE, 2_000, 6_000, 900);
        Scenario fromLast = Made.scenario(new Allowance.UnderWay(), Promise.From.LAST);
        assertEquals(Made.millis(0), made.verdict(fromLast, 1).recovery());
        assertEquals(Made.millis(4_000), made.verdict().recovery());
    }

    @Test
    void whatIsNotTouchedMustNotFailNorSlowDownNorMove() {
        // 1.25 s after the cut the last second with that failure is over.
        assertEquals(
                List.of("steady again, from the fault's first step", "near is not touched: failed"),
                Made.broken(new Made().fail(Made.NEAR, 3_000, 3_050).verdict()));
        assertTrue(
                Made.broken(new Made().slow(Made.NEAR, 3_000, 3_500, 200).verdict())
                        .contains("near is not touched: p99"));
        Made moved = new Made().change(Made.NEAR, 3_000, 3_500, 10, CallEnd.ANSWERED, AT_EAST);
        List<String> elsewhere = List.of("near is not touched: runs elsewhere than at ams");
        assertEquals(elsewhere, Made.broken(moved.verdict()));
        assertEquals(List.of(), Made.broken(moved.verdict(Made.scenario(), 4)));
        moved.change(Made.NEAR, 2_000, 10_000, 10, CallEnd.ANSWERED, AT_EAST);
        assertEquals(elsewhere, Made.broken(moved.verdict(Made.scenario(), 20)));
    }

    @Test
    void callsRunWhereItIsPromised() {
        Verdict verdict =
                new Made().change(Made.SAFE, 2_000, 4_200, 10, CallEnd.ANSWERED, AT_EAST).verdict();
        assertEquals(List.of("safe runs at eu-west while the fault lasts"), Made.broken(verdict));
    }

    @Test
    void withoutASteadyStateBeforeNothingIsShown() {
        Verdict failing = new Made().fail(Made.SAFE, 500, 550).verdict();
        assertEquals(List.of("steady state: answered"), Made.broken(failing));
        assertTrue(!failing.wasSteady());
        assertTrue(new Made().fail(Made.SAFE, 2_500, 2_550).verdict().wasSteady());
        Verdict slow = new Made().slow(Made.SAFE, 500, 700, 200).verdict();
        assertEquals(List.of("steady state: p99"), Made.broken(slow));
    }

    @Test
    void slackWidensTimesButForgivesNoFailure() {
        Made made = new Made().slow(Made.SAFE, 0, 10_000, 150);
        assertTrue(Made.broken(made.verdict()).contains("steady state: p99"));
        assertEquals(List.of(), Made.broken(made.verdict(Made.scenario(), 2)));
        made.fail(Made.SAFE, 5_000, 5_050);
        assertTrue(
                Made.broken(made.verdict(Made.scenario(), 20)).contains("failed idempotent calls"));
    }
}
