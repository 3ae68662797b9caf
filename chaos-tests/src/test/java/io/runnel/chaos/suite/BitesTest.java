package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.chaos.suite.Verdict.Finding;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Whether a fault is seen to have been there. */
final class BitesTest {
    private static final String AT_EAST = "region/us-east/us-east-1";

    @Test
    void aFaultThatDidNothingBreaksAScenarioThatKeptAllElse() {
        Verdict verdict =
                Judge.judge(
                        Made.scenario(),
                        Made.scenario().schedule(false),
                        new Made().calls(),
                        Made.steps(),
                        Made.acts(0),
                        1);
        assertEquals(List.of("the fault bites: cut on ams/eu-west/internal"), Made.broken(verdict));
    }

    @Test
    void callsAreSlowerByOneInAHundred() {
        // Three of 200 calls: more than one in a hundred.
        List<Call> calls = new Made().slow(Made.SAFE, 3_000, 3_150, 300).calls();
        assertTrue(finding(new Bite.Slower("safe", Duration.ofMillis(300)), calls).kept());
        assertTrue(!finding(new Bite.Slower("safe", Duration.ofMillis(301)), calls).kept());
        assertTrue(!finding(new Bite.Slower("bare", Duration.ofMillis(300)), calls).kept());
    }

    @Test
    void callsRunElsewhere() {
        List<Call> calls =
                new Made().change(Made.SAFE, 0, 5_000, 10, CallEnd.ANSWERED, AT_EAST).calls();
        Finding half = finding(new Bite.Elsewhere("safe", 0.5), calls);
        assertTrue(half.kept());
        assertEquals("50.00 %", half.measured());
        assertTrue(!finding(new Bite.Elsewhere("safe", 0.51), calls).kept());
        assertTrue(!finding(new Bite.Elsewhere("bare", 0.01), calls).kept());
        List<Call> none = new Made().fail(Made.SAFE, 0, 10_000).calls();
        assertTrue(!finding(new Bite.Elsewhere("safe", 0.01), none).kept());
    }

    @Test
    void callsFail() {
        List<Call> calls = new Made().fail(Made.BARE, 3_000, 3_100).calls();
        assertTrue(finding(new Bite.Failed("bare", 2), calls).kept());
        assertTrue(!finding(new Bite.Failed("bare", 3), calls).kept());
        assertTrue(!finding(new Bite.Failed("safe", 1), calls).kept());
    }

    @Test
    void onlyWhatTheProxyDidMeanwhileCounts() {
        LinkName other = LinkName.parse("iad/us-east/internal");
        ProxyActs before = new ProxyActs(true, Map.of(Made.LINK, Map.of("timeout", 7L)));
        ProxyActs after =
                new ProxyActs(
                        true,
                        Map.of(
                                Made.LINK,
                                Map.of("timeout", 9L, "cut", 1L),
                                other,
                                Map.of("cut", 4L)));
        ProxyActs since = after.since(before);
        assertEquals(2, since.of(Made.LINK, "timeout"));
        assertEquals(1, since.of(Made.LINK, "cut"));
        assertEquals(4, since.of(other, "cut"));
        assertEquals(0, since.of(other, "timeout"));
    }

    @Test
    void aProxyThatDoesNotCountIsNotHeldAgainstTheNetwork() {
        Finding finding =
                new Bites(Made.scenario(), List.of(), List.of(), ProxyActs.unknown())
                        .findings()
                        .getFirst();
        assertTrue(finding.kept());
        assertEquals("not counted by this proxy", finding.measured());
    }

    private static Finding finding(Bite bite, List<Call> calls) {
        Scenario made = Made.scenario();
        Scenario scenario =
                new Scenario(
                        made.name(),
                        made.title(),
                        made.steady(),
                        made.fault(),
                        made.after(),
                        made.promise(),
                        List.of(bite),
                        made.untouched());
        // All 10 s of the made-up run count as the fault's.
        return new Bites(scenario, calls, calls, Made.acts(1)).findings().getFirst();
    }
}
