package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The open loop. */
final class LoadGeneratorTest {
    private static final Caller.Answer GOOD = new Caller.Answer(CallEnd.ANSWERED, "pop/ams", "");

    @Test
    void callsThatAreNotAnsweredHoldNobodyUp() {
        // Every call waits until the last has been made: a closed loop would never end.
        List<LoadPlan.Due> plan = plan(50);
        CountDownLatch all = new CountDownLatch(plan.size());
        Caller caller =
                (stream, key) -> {
                    all.countDown();
                    await(all);
                    return GOOD;
                };
        long now = System.nanoTime();
        List<Call> calls =
                new LoadGenerator(caller, System::nanoTime, 50)
                        .run(plan, now, "k", LoadGeneratorTest::never);
        assertEquals(50, calls.stream().filter(Call::isAnswered).count());
    }

    @Test
    void latencyCountsFromWhenACallWasDue() {
        // The clock says that the calls are a second late when they are sent.
        AtomicInteger asked = new AtomicInteger();
        List<Call> calls =
                new LoadGenerator(
                                (stream, key) -> GOOD,
                                () -> 1_000_000_000L + asked.incrementAndGet(),
                                10)
                        .run(
                                List.of(new LoadPlan.Due(Made.SAFE, 0, 0)),
                                0,
                                "k",
                                LoadGeneratorTest::never);
        assertTrue(calls.getFirst().latencyNs() > 1_000_000_000L, calls.toString());
    }

    @Test
    void whatIsTooMuchIsNotSentAndSaid() {
        List<LoadPlan.Due> plan = plan(12);
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        Caller caller =
                (stream, key) -> {
                    made.incrementAndGet();
                    await(over);
                    return GOOD;
                };
        // The clock is asked for each call; at the last one those that wait may go on.
        AtomicInteger asked = new AtomicInteger();
        List<Call> calls =
                new LoadGenerator(
                                caller,
                                () -> {
                                    if (asked.incrementAndGet() > 12) {
                                        over.countDown();
                                    }
                                    return 1_000_000_000L;
                                },
                                5)
                        .run(plan, 0, "k", LoadGeneratorTest::never);
        assertEquals(12, calls.size());
        long unsent = calls.stream().filter(c -> c.end() == CallEnd.UNSENT).count();
        assertEquals(12 - made.get(), unsent);
        assertTrue(unsent > 0, calls.toString());
    }

    @Test
    void everyCallHasAKeyOfItsOwn() {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        Caller caller =
                (stream, key) -> {
                    keys.add(key);
                    return GOOD;
                };
        new LoadGenerator(caller, System::nanoTime, 100)
                .run(plan(40), System.nanoTime(), "k", LoadGeneratorTest::never);
        assertEquals(40, keys.size());
    }

    @Test
    void theEndMayComeWhileItRuns() {
        AtomicInteger asked = new AtomicInteger();
        List<Call> calls =
                new LoadGenerator((stream, key) -> GOOD, System::nanoTime, 50)
                        .run(
                                plan(20),
                                System.nanoTime(),
                                "k",
                                () -> asked.incrementAndGet() > 8 ? 0 : 1);
        assertEquals(8, calls.size());
    }

    private static long never() {
        return Long.MAX_VALUE;
    }

    private static List<LoadPlan.Due> plan(int calls) {
        // All are due at once.
        return java.util.stream.IntStream.range(0, calls)
                .mapToObj(i -> new LoadPlan.Due(Made.SAFE, 0, i))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
