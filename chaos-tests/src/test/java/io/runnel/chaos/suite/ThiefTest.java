package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.chaos.suite.Thief.Attempt;
import io.runnel.chaos.suite.Verdict.Finding;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Whether a stolen key was worth something before it was revoked, and soon nothing. */
class ThiefTest {
    private static final long MS = 1_000_000;
    private static final long BEGAN_MS = 2_000;
    private static final long DONE_MS = 3_000;
    private static final long END_MS = 30_000;

    private static final List<StepDone> STEPS =
            List.of(
                    new StepDone(
                            new Action.OnCertificate(Action.CertificateKind.REVOKE, "ams"),
                            BEGAN_MS * MS,
                            DONE_MS * MS),
                    new StepDone(
                            new Action.OnCertificate(Action.CertificateKind.READMIT, "ams"),
                            20_000 * MS,
                            21_000 * MS));

    /** A call each 100 ms, heard until then. */
    private static List<Attempt> heard(long fromMs, long untilMs, long endMs) {
        List<Attempt> attempts = new ArrayList<>();
        for (long ms = fromMs; ms < endMs; ms += 100) {
            attempts.add(new Attempt(ms * MS, ms < untilMs));
        }
        return attempts;
    }

    private static List<Boolean> kept(List<Attempt> attempts, double slack) {
        return Thief.findings("ams", attempts, STEPS, slack).stream().map(Finding::kept).toList();
    }

    @Test
    void whatIsHeardUntilItIsRevokedIsAsPromised() {
        List<Attempt> attempts = heard(0, DONE_MS + 1_000, END_MS);
        assertEquals(List.of(true, true), kept(attempts, 1));
        Finding after = Thief.findings("ams", attempts, STEPS, 1).get(1);
        assertEquals("900 ms, and then none of 260", after.measured());
    }

    @Test
    void tenSecondsAreTheMost() {
        assertEquals(List.of(true, true), kept(heard(0, DONE_MS + 10_000, END_MS), 1));
        assertEquals(List.of(true, false), kept(heard(0, DONE_MS + 10_200, END_MS), 1));
        assertEquals(List.of(true, true), kept(heard(0, DONE_MS + 10_200, END_MS), 2));
    }

    @Test
    void whatIsHeardToTheEndIsNotCutOff() {
        assertEquals(List.of(true, false), kept(heard(0, 5_000, 5_000), 1));
        List<Attempt> again = heard(0, DONE_MS, END_MS);
        again.add(new Attempt(END_MS * MS, true));
        assertEquals(List.of(true, false), kept(again, 1));
    }

    @Test
    void whoWasNeverHeardOrNeverAskedShowsNothing() {
        assertEquals(List.of(false, true), kept(heard(0, 0, END_MS), 1));
        assertEquals(List.of(false, true), kept(heard(BEGAN_MS, DONE_MS, END_MS), 1));
        assertEquals(List.of(true, false), kept(heard(0, 1_000, DONE_MS), 1));
    }
}
