package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.chaos.suite.CallStream.Method;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How often a load is rehearsed. Whoever asks the clock moves it a little; slow calls, a lot. */
final class RehearsalTest {
    /** Ten calls in a round. */
    private static final CallStream FLOOD = Made.FLOOD.withCapacity(2_500);

    /** Five. */
    private static final CallStream NEAR =
            new CallStream(
                    "near",
                    Guest.NEAR,
                    "ams",
                    "ams",
                    5_000,
                    Method.GET,
                    false,
                    Optional.empty(),
                    Optional.empty());

    private static final int FLOOD_CALLS = 10;
    private static final int NEAR_CALLS = 5;
    private static final Duration ROUND = Duration.ofMillis(1);
    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final long SLOW_NS = Duration.ofSeconds(1).toNanos();

    private final AtomicLong nowNs = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();

    /** One stream at a time, for a slow call moves the others' clock too. */
    private int rehearse(CallStream stream, Caller caller) {
        Caller counted =
                (called, key) -> {
                    made.incrementAndGet();
                    return caller.call(called, key);
                };
        return new Rehearsal(counted, () -> nowNs.addAndGet(50_000))
                .of(scenario(stream), 7, "keys");
    }

    private static Scenario scenario(CallStream stream) {
        Scenario like = Made.scenario();
        Promise promise = like.promise();
        List<Promise.Flooded> floods =
                stream.flood().stream()
                        .map(flood -> new Promise.Flooded(stream.name(), 0.7, LIMIT, 0))
                        .toList();
        return new Scenario(
                like.name(),
                like.title(),
                new Steady(like.steady().lasts(), 1, LIMIT, List.of(stream)),
                new Fault(new Phase(Duration.ofSeconds(4), ROUND), like.fault().steps()),
                like.after(),
                new Promise(
                        promise.idempotent(),
                        promise.others(),
                        LIMIT,
                        LIMIT,
                        promise.recovery(),
                        List.of(),
                        floods,
                        List.of()),
                like.bites(),
                Set.of());
    }

    private Caller.Answer ended(CallEnd end, boolean isSlow) {
        if (isSlow) {
            nowNs.addAndGet(SLOW_NS);
        }
        return new Caller.Answer(end, "", "");
    }

    @Test
    void isOverAfterTwoGoodRounds() {
        assertEquals(2, rehearse(FLOOD, (stream, key) -> ended(CallEnd.REFUSED, false)));
        assertEquals(2 * FLOOD_CALLS, made.get());
    }

    @Test
    void goesOnWhileRefusalsAreSlow() {
        int rounds =
                rehearse(
                        FLOOD,
                        (stream, key) -> ended(CallEnd.REFUSED, made.get() <= 2 * FLOOD_CALLS));
        assertEquals(4, rounds);
    }

    @Test
    void goesOnWhileAnswersAreSlow() {
        int rounds =
                rehearse(
                        NEAR,
                        (stream, key) -> ended(CallEnd.ANSWERED, made.get() <= 2 * NEAR_CALLS));
        assertEquals(4, rounds);
    }

    @Test
    void oneGoodRoundMayBeChance() {
        int rounds =
                rehearse(
                        NEAR,
                        (stream, key) ->
                                ended(CallEnd.ANSWERED, (made.get() - 1) / NEAR_CALLS == 1));
        assertEquals(4, rounds);
    }

    @Test
    void endsWhenItGetsNoWarmer() {
        int rounds = rehearse(FLOOD, (stream, key) -> ended(CallEnd.TIMED_OUT, true));
        assertEquals(Rehearsal.MOST, rounds);
        assertEquals(Rehearsal.MOST * FLOOD_CALLS, made.get());
    }

    @Test
    void whatOfAFloodIsAnsweredMayTakeItsTime() {
        assertEquals(2, rehearse(FLOOD, (stream, key) -> ended(CallEnd.ANSWERED, true)));
    }

    @Test
    void eachCallHasItsOwnKeyAfterTheRunsOwn() {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        rehearse(
                FLOOD,
                (stream, key) -> {
                    assertTrue(keys.add(key), key);
                    return ended(CallEnd.REFUSED, true);
                });
        assertEquals(Rehearsal.MOST * FLOOD_CALLS, keys.size());
        assertTrue(keys.stream().allMatch(key -> key.startsWith("keys-")), keys::toString);
    }
}
