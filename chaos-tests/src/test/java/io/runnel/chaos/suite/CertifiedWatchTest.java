package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.chaos.suite.CertifiedWatch.Seen;
import io.runnel.chaos.suite.Verdict.Finding;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Whether a POP that lost its key was certified anew while its authority was away. */
class CertifiedWatchTest {
    private static final long MS = 1_000_000;
    private static final List<StepDone> STEPS =
            List.of(
                    step(new Action.OnNode(Action.Kind.STOP, "eu-west-1"), 1_000),
                    step(new Action.Forget("ams"), 2_000),
                    step(new Action.OnNode(Action.Kind.KILL, "ams"), 2_100),
                    step(new Action.OnNode(Action.Kind.START, "eu-west-1"), 9_000));

    private static StepDone step(Action action, long atMs) {
        return new StepDone(action, atMs * MS, (atMs + 50) * MS);
    }

    /** A first look, and later a new certificate. */
    private static Finding finding(long atMs) {
        List<Seen> seen = List.of(new Seen(10 * MS, "CN=us"), new Seen(atMs * MS, "CN=eu"));
        return CertifiedWatch.findings("ams", seen, STEPS).getFirst();
    }

    @Test
    void aCertificateOfMeanwhileIsWhatIsPromised() {
        assertEquals(true, finding(4_000).kept());
        assertEquals("by CN=eu, after 2000 ms", finding(4_000).measured());
    }

    @Test
    void oneOfBeforeOrAfterIsNot() {
        assertEquals(false, finding(1_900).kept());
        assertEquals(false, finding(9_100).kept());
        assertEquals("never", finding(9_100).measured());
    }
}
