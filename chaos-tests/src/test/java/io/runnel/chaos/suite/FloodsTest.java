package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.chaos.suite.Action.CallKind;
import io.runnel.chaos.suite.Verdict.Finding;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is made of floods: made-up runs of a place that serves 20 calls a second. */
final class FloodsTest {
    private static final long MS = 1_000_000;
    private static final CallStream FLOOD = Made.FLOOD.withCapacity(20);
    private static final List<StepDone> STEPS =
            List.of(step(CallKind.FLOOD, 2_000), step(CallKind.EBB, 6_000));

    private final List<Call> calls = new ArrayList<>();
    private double limited = 0.9;

    @Test
    void aFloodThatIsServedAndRefusedAtOnceKeepsAll() {
        flood(1, CallEnd.LIMITED, 2);
        assertEquals(List.of(), broken());
        assertEquals(
                "100.00 %: 20.0 calls a second of 20.0, 80.0 offered",
                findings().getFirst().measured());
    }

    @Test
    void goodputIsOfCapacityAndOnlyWhatEndedMeanwhileCounts() {
        flood(1, CallEnd.LIMITED, 2);
        // 8 of the 80 answers come after the flood.
        replace(CallEnd.ANSWERED, 5_600, 6_000, 900);
        assertEquals(List.of(), broken());
        replace(CallEnd.ANSWERED, 5_500, 5_600, 900);
        assertEquals(List.of("flood: goodput"), broken());
    }

    @Test
    void othersWhoCallTheSameTaskCountForItsGoodput() {
        flood(2, CallEnd.LIMITED, 2);
        assertEquals(List.of("flood: goodput"), broken());
        CallStream patient =
                new CallStream(
                        "patient",
                        Guest.WAIT,
                        "ams",
                        "eu-west",
                        10,
                        CallStream.Method.GET,
                        false,
                        Optional.empty(),
                        Optional.empty());
        for (long ms = 2_000; ms < 6_000; ms += 100) {
            calls.add(Made.call(patient, ms, 60, CallEnd.ANSWERED, "region/eu-west/eu-west-1"));
        }
        assertEquals(List.of(), broken());
    }

    @Test
    void whatIsNeitherAnsweredNorRefusedBreaksIt() {
        flood(1, CallEnd.LIMITED, 2);
        calls.add(Made.call(FLOOD, 3_000, 5, CallEnd.ERROR, ""));
        assertEquals(List.of("flood: neither answered nor refused with Retry-After"), broken());
    }

    @Test
    void refusalsThatComeLateBreakIt() {
        flood(1, CallEnd.LIMITED, 5);
        assertEquals(List.of(), broken());
        calls.clear();
        flood(1, CallEnd.LIMITED, 6);
        assertEquals(List.of("flood: refused, at the median"), broken());
    }

    @Test
    void whoTakesOthersShareIsTold() {
        flood(1, CallEnd.REFUSED, 2);
        assertEquals(List.of("flood: refused with 429"), broken());
        limited = 0;
        assertEquals(
                List.of(),
                findings().stream().map(Finding::promise).filter(p -> p.contains("429")).toList());
    }

    @Test
    void whoCallsBesideIsComparedWithHisOwnQuietTime() {
        flood(1, CallEnd.LIMITED, 2);
        // Twice 20 ms, and 10 ms.
        beside(50);
        assertTrue(beside().kept(), beside().toString());
        beside(51);
        assertTrue(!beside().kept(), beside().toString());
        assertEquals(
                "safe beside the flood: p99: 51.0 ms (of 80; 20.0 ms before) (promised: at most"
                        + " 50.0 ms: 2 x that before it, and 10 ms)",
                beside().toString());
    }

    @Test
    void theJudgeAsksAndCountsNoFloodAmongFailures() {
        flood(1, CallEnd.LIMITED, 2);
        calls.addAll(new Made().calls());
        Scenario scenario = scenario();
        Verdict verdict =
                Judge.judge(scenario, scenario.schedule(false), calls, STEPS, Made.acts(1), 1);
        assertEquals(List.of(), Made.broken(verdict));
        assertTrue(
                verdict.findings().stream()
                        .anyMatch(f -> f.promise().equals("flood: goodput") && f.kept()),
                verdict.toString());
    }

    /** 80 calls a second; of four times so many one is answered, after 30 ms. */
    private void flood(int fewer, CallEnd refusal, long refusedMs) {
        int i = 0;
        for (long us = 2_000_000; us < 6_000_000; us += 12_500) {
            boolean served = i++ % (4 * fewer) == 0;
            long ms = us / 1_000;
            calls.add(
                    served
                            ? Made.call(FLOOD, ms, 30, CallEnd.ANSWERED, "region/eu-west/eu-west-1")
                            : Made.call(FLOOD, ms, refusedMs, refusal, ""));
        }
    }

    private void replace(CallEnd end, long fromMs, long toMs, long tookMs) {
        calls.replaceAll(
                call ->
                        call.end() == end && call.dueNs() >= fromMs * MS && call.dueNs() < toMs * MS
                                ? Made.call(FLOOD, call.dueNs() / MS, tookMs, end, call.ranAt())
                                : call);
    }

    /** Twenty calls a second that take 20 ms before, and so long from then on. */
    private void beside(long tookMs) {
        calls.removeIf(call -> call.stream().equals(Made.SAFE));
        for (long ms = 0; ms < 6_000; ms += 50) {
            long took = ms < 2_000 ? 20 : tookMs;
            calls.add(Made.call(Made.SAFE, ms, took, CallEnd.ANSWERED, "region/eu-west/x"));
        }
    }

    private Finding beside() {
        return findings().getLast();
    }

    private List<Finding> findings() {
        return new Floods(scenario(), calls, STEPS, 1).findings();
    }

    /** What is promised of the flood itself. */
    private List<String> broken() {
        return findings().stream()
                .filter(finding -> finding.promise().startsWith("flood: "))
                .filter(finding -> !finding.kept())
                .map(Finding::promise)
                .toList();
    }

    private Scenario scenario() {
        Scenario made = Made.scenario();
        Promise promise = made.promise();
        List<CallStream> streams = new ArrayList<>(made.steady().streams());
        streams.add(FLOOD);
        return new Scenario(
                made.name(),
                made.title(),
                new Steady(
                        made.steady().lasts(),
                        made.steady().answered(),
                        made.steady().p99(),
                        streams),
                made.fault(),
                made.after(),
                new Promise(
                        promise.idempotent(),
                        promise.others(),
                        promise.p99During(),
                        promise.p99After(),
                        promise.recovery(),
                        promise.whereabouts(),
                        List.of(new Promise.Flooded("flood", 0.9, Duration.ofMillis(5), limited)),
                        List.of(new Promise.Beside("safe", 2, Duration.ofMillis(10)))),
                made.bites(),
                made.untouched());
    }

    private static StepDone step(CallKind kind, long atMs) {
        return new StepDone(new Action.OnCalls(kind, "flood"), atMs * MS, atMs * MS);
    }
}
