package io.runnel.chaos.suite;

import io.runnel.chaos.suite.CallStream.Method;
import io.runnel.exec.task.AccountId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A made-up run: 2 s before, a cut at 2 s that is mended at 6 s, over at 6 s, watched until 10 s;
 * 20 calls a second and stream, each answered after 10 ms where it always runs. Then changed.
 */
final class Made {
    static final CallStream SAFE = stream("safe", Guest.FAR, "eu-west", Method.GET, false);
    static final CallStream BARE = stream("bare", Guest.FAR, "eu-west", Method.POST, false);
    static final CallStream NEAR = stream("near", Guest.NEAR, "ams", Method.GET, false);
    static final CallStream FLOOD =
            new CallStream(
                    "flood",
                    Guest.WAIT,
                    "ams",
                    "eu-west",
                    0,
                    Method.GET,
                    false,
                    Optional.of(new AccountId("flood")),
                    Optional.of(new CallStream.Flood(4, 0)));
    static final LinkName LINK = LinkName.parse("ams/eu-west/internal");

    private static final long MS = 1_000_000;

    private final List<Call> calls = new ArrayList<>();

    Made() {
        for (CallStream stream : List.of(SAFE, BARE, NEAR)) {
            for (long ms = 7; ms < 10_000; ms += 50) {
                calls.add(call(stream, ms, 10, CallEnd.ANSWERED, place(stream)));
            }
        }
    }

    static Call call(CallStream stream, long dueMs, long tookMs, CallEnd end, String ranAt) {
        return new Call(
                stream,
                dueMs * MS,
                dueMs * MS,
                (dueMs + tookMs) * MS,
                end,
                ranAt,
                end == CallEnd.ANSWERED ? "" : "500 made-up");
    }

    /** Calls of a stream that are due in these milliseconds end otherwise. */
    Made change(CallStream stream, long fromMs, long toMs, long tookMs, CallEnd end, String ranAt) {
        calls.replaceAll(
                call ->
                        call.stream().equals(stream)
                                        && call.dueNs() >= fromMs * MS
                                        && call.dueNs() < toMs * MS
                                ? call(stream, call.dueNs() / MS, tookMs, end, ranAt)
                                : call);
        return this;
    }

    Made slow(CallStream stream, long fromMs, long toMs, long tookMs) {
        return change(stream, fromMs, toMs, tookMs, CallEnd.ANSWERED, place(stream));
    }

    Made fail(CallStream stream, long fromMs, long toMs) {
        return change(stream, fromMs, toMs, 10, CallEnd.ERROR, "");
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    static List<StepDone> steps() {
        return List.of(
                new StepDone(new Action.OnLink(Action.LinkKind.CUT, LINK), 2_000 * MS, 2_001 * MS),
                new StepDone(
                        new Action.OnLink(Action.LinkKind.MEND, LINK), 6_000 * MS, 6_001 * MS));
    }

    /** No failure but of what was under way, 100 ms at all times, steady again within 1 s. */
    static Scenario scenario() {
        return scenario(new Allowance.UnderWay(), Promise.From.FIRST);
    }

    static Scenario scenario(Allowance others, Promise.From from) {
        Duration limit = Duration.ofMillis(100);
        return new Scenario(
                "made",
                "Made up",
                new Steady(seconds(2), 1, limit, List.of(SAFE, BARE, NEAR)),
                new Fault(
                        seconds(4),
                        List.of(
                                new FaultStep(
                                        Duration.ZERO,
                                        new Action.OnLink(Action.LinkKind.CUT, LINK)),
                                new FaultStep(
                                        Duration.ofSeconds(4),
                                        new Action.OnLink(Action.LinkKind.MEND, LINK)))),
                seconds(4),
                new Promise(
                        new Allowance.Count(0),
                        others,
                        limit,
                        limit,
                        new Promise.Recovery(from, Duration.ofSeconds(1)),
                        List.of(new Promise.Whereabouts("safe", "eu-west", 0.5)),
                        List.of(),
                        List.of()),
                List.of(new Bite.Counted(LINK, ProxyActs.CUT, 1)),
                Set.of("near"));
    }

    /** A proxy that cut so many connections of the link. */
    static ProxyActs acts(long cut) {
        return new ProxyActs(true, Map.of(LINK, Map.of(ProxyActs.CUT, cut)));
    }

    Verdict verdict(Scenario scenario, double slack) {
        return Judge.judge(scenario, scenario.schedule(false), calls(), steps(), acts(1), slack);
    }

    Verdict verdict() {
        return verdict(scenario(), 1);
    }

    Result result() {
        Scenario scenario = scenario();
        return new Result(
                scenario,
                Duration.ofSeconds(12),
                new Result.Outcome.Ran(scenario.schedule(false), calls(), steps(), verdict()));
    }

    static RunOptions options() {
        return RunOptions.parse(List.of("made", "--seed", "42"), 0, "");
    }

    /** What was broken, by the names of promises. */
    static List<String> broken(Verdict verdict) {
        return verdict.findings().stream()
                .filter(finding -> !finding.kept())
                .map(Verdict.Finding::promise)
                .toList();
    }

    static Optional<Duration> millis(long ms) {
        return Optional.of(Duration.ofMillis(ms));
    }

    private static String place(CallStream stream) {
        return stream.equals(NEAR) ? "pop/ams" : "region/eu-west/eu-west-1";
    }

    private static Phase seconds(int seconds) {
        return new Phase(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds));
    }

    private static CallStream stream(
            String name, Guest task, String runs, Method method, boolean keyed) {
        return new CallStream(
                name, task, "ams", runs, 20, method, keyed, Optional.empty(), Optional.empty());
    }
}
