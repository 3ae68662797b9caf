package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.VirtualNode.Seen;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** What is offered is a Poisson process, guests wait for 50 ms, and time is virtual. */
class OverloadTest {
    private static final long MS = Duration.ofMillis(1).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long RUN = 50 * MS;
    private static final long LONG_RUN = 12 * SECOND;
    private static final int SLOTS = 4;
    private static final double CAPACITY = SLOTS / 0.050;
    private static final long SEED = 20_261_126L;

    private long longFromNanos = Long.MAX_VALUE;
    private long shortFromNanos = Long.MAX_VALUE;
    private final Random random = new Random(SEED);
    private final VirtualNode node =
            new VirtualNode(
                    new RunnerSettings(SLOTS, ByteSize.ofMiB(1024), 512, Duration.ofSeconds(5)),
                    this::runNanos);

    private long runNanos() {
        if (node.nowNanos() >= shortFromNanos) {
            return MS;
        }
        return node.nowNanos() < longFromNanos ? RUN : LONG_RUN;
    }

    private static Task task(String account) {
        Limits limits = Limits.DEFAULT.withMemory(ByteSize.ofMiB(1));
        return RunnerFixture.of(
                account,
                Contracts.task(RuntimeKind.WASM, "task", FakeRuntime.code("HELLO"), limits));
    }

    /** So many calls a second come in this time. */
    private void offer(double rate, long fromNanos, long toNanos, Task task, Caller caller) {
        double at = fromNanos - Math.log(1 - random.nextDouble()) / rate * SECOND;
        while (at < toNanos) {
            node.comes((long) at, task, caller);
            at -= Math.log(1 - random.nextDouble()) / rate * SECOND;
        }
    }

    private void offer(double rate, long fromNanos, long toNanos, Task task) {
        offer(rate, fromNanos, toNanos, task, Caller.ANONYMOUS);
    }

    private List<Seen> seen(long fromNanos, long toNanos, Predicate<Seen> which) {
        return node.seen.stream()
                .filter(s -> s.cameNanos() >= fromNanos && s.cameNanos() < toNanos)
                .filter(which)
                .sorted(java.util.Comparator.comparingLong(Seen::tookNanos))
                .toList();
    }

    private static double millis(List<Seen> sorted, double part) {
        return sorted.get((int) (part * (sorted.size() - 1))).tookNanos() / (double) MS;
    }

    @Test
    void whatIsBelowCapacityIsServed() {
        offer(0.7 * CAPACITY, 0, 50 * SECOND, task("one"));
        node.run();
        assertEquals(0, seen(0, 50 * SECOND, s -> !s.isServed()).size(), "seed " + SEED);
    }

    @Test
    void aBurstIsServedWhole() {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 20; i++) {
                node.comes(round * SECOND, task("one"));
            }
        }
        node.run();
        assertEquals(0, seen(0, 100 * SECOND, s -> !s.isServed()).size());
        assertEquals(250, millis(seen(0, 100 * SECOND, s -> true), 1), "the last of each burst");
    }

    @Test
    void aFloodCostsHardlyAnyGoodputAndIsRefusedAtOnce() {
        for (double factor : new double[] {2, 4, 10}) {
            long from = Math.round(factor * 100) * SECOND;
            long to = from + 30 * SECOND;
            offer(factor * CAPACITY, from, to, task("one"));
            // And then half of it.
            offer(0.5 * CAPACITY, to, to + 20 * SECOND, task("one"));
            node.run();
            String what = "%s x, seed %d".formatted(factor, SEED);
            List<Seen> served = seen(from + SECOND, to, Seen::isServed);
            double goodput = served.size() / (29 * CAPACITY);
            List<Seen> refused = seen(from + SECOND, to, s -> !s.isServed());
            System.out.printf(
                    "%s: goodput %.3f, served p50 %.1f p99 %.1f ms, refused %d p50 %.1f p90 %.1f"
                            + " p99 %.1f ms%n",
                    what,
                    goodput,
                    millis(served, 0.5),
                    millis(served, 0.99),
                    refused.size(),
                    millis(refused, 0.5),
                    millis(refused, 0.9),
                    millis(refused, 0.99));
            assertTrue(goodput >= 0.93, () -> what + ": goodput " + goodput);
            assertEquals(0, millis(refused, 0.5), what);
            assertTrue(millis(served, 0.99) <= 160, () -> what + " " + millis(served, 0.99));
            List<Seen> later = seen(to + 2 * SECOND, to + 20 * SECOND, s -> !s.isServed());
            assertEquals(0, later.size(), what);
        }
    }

    @Test
    void mostOfAFloodThatHasJustBegunIsRefusedAtOnce() {
        offer(0.5 * CAPACITY, 0, 10 * SECOND, task("one"));
        offer(10 * CAPACITY, 10 * SECOND, 11 * SECOND, task("one"));
        node.run();
        List<Seen> refused = seen(10 * SECOND, 11 * SECOND, s -> !s.isServed());
        assertTrue(refused.size() > 500, "refused: %d, seed %d".formatted(refused.size(), SEED));
        assertEquals(0, millis(refused, 0.8), "seed " + SEED);
    }

    @Test
    void aBurstOfShortCallsAfterLongOnesIsServedWhole() {
        for (int i = 0; i < 20; i++) {
            node.comes(i * SECOND, task("one"));
        }
        shortFromNanos = 30 * SECOND;
        for (int i = 0; i < 200; i++) {
            node.comes(shortFromNanos, task("one"));
        }
        node.run();
        assertEquals(0, seen(0, 40 * SECOND, s -> !s.isServed()).size());
    }

    @Test
    void aFloodThatEndedShortensNoWait() {
        offer(10 * CAPACITY, 0, 10 * SECOND, task("one"));
        longFromNanos = 10_300 * MS;
        for (int i = 0; i < SLOTS; i++) {
            node.comes(longFromNanos, task("one"));
        }
        node.comes(20 * SECOND, task("one"));
        node.run();
        assertFalse(seen(0, 10 * SECOND, s -> !s.isServed()).isEmpty());
        Seen last = seen(20 * SECOND, 21 * SECOND, s -> true).getFirst();
        assertTrue(last.isServed(), last::toString);
        assertEquals(longFromNanos + 2 * LONG_RUN - 20 * SECOND, last.tookNanos());
    }

    @Test
    void aFloodThatEndedIsNotReported() {
        offer(10 * CAPACITY, 0, 10 * SECOND, task("one"));
        node.run();
        assertFalse(seen(0, 10 * SECOND, s -> !s.isServed()).isEmpty());
        assertFalse(node.pool.report().stands());
    }

    @Test
    void aTenantThatFloodsIsToldSoAndOthersAreServed() {
        offer(0.02 * CAPACITY, 0, 200 * SECOND, task("a"));
        offer(0.02 * CAPACITY, 0, 200 * SECOND, task("b"));
        offer(10 * CAPACITY, 100 * SECOND, 200 * SECOND, task("flood"));
        node.run();
        Predicate<Seen> others = s -> !s.tenant().equals("flood");
        List<Seen> quiet = seen(0, 100 * SECOND, others);
        List<Seen> loud = seen(100 * SECOND, 200 * SECOND, others);
        System.out.printf(
                "others: quiet p99 %.1f ms, beside a flood p99 %.1f ms, %d of %d served%n",
                millis(quiet, 0.99),
                millis(loud, 0.99),
                loud.stream().filter(Seen::isServed).count(),
                loud.size());
        assertTrue(loud.stream().allMatch(Seen::isServed), "seed " + SEED);
        assertTrue(millis(loud, 0.99) <= 2 * millis(quiet, 0.99) + 10, "seed " + SEED);
        List<Seen> refused =
                seen(102 * SECOND, 200 * SECOND, s -> s.tenant().equals("flood") && !s.isServed());
        assertTrue(refused.size() > 50_000);
        for (Seen one : refused) {
            var why = assertInstanceOf(Outcome.Refused.class, one.outcome());
            assertEquals(Refusal.RATE_LIMITED, why.refusal());
            assertTrue(why.detail().contains("'slots'"), why.detail());
        }
    }

    @Test
    void whoIsProvedToCallCountsHimselfAndNotTheOwner() {
        Caller flooder = new Caller.Keyed(new AccountId("flooder"), "k");
        Caller user = new Caller.Keyed(new AccountId("user"), "k");
        offer(10 * CAPACITY, 0, 60 * SECOND, task("owner"), flooder);
        offer(0.02 * CAPACITY, 0, 60 * SECOND, task("owner"), user);
        node.run();
        List<Seen> users = seen(2 * SECOND, 60 * SECOND, s -> s.tenant().equals("user"));
        assertFalse(users.isEmpty());
        assertTrue(users.stream().allMatch(Seen::isServed), "seed " + SEED);
    }

    @Test
    void aNodeFullOfOneTenantAloneIsOverCapacity() {
        offer(10 * CAPACITY, 0, 10 * SECOND, task("one"));
        node.run();
        for (Seen one : seen(0, 10 * SECOND, s -> !s.isServed())) {
            var why = assertInstanceOf(Outcome.Refused.class, one.outcome());
            assertEquals(Refusal.OVER_CAPACITY, why.refusal());
        }
        LoadReport report = node.pool.report();
        assertEquals(0, report.running());
        assertEquals(0, report.waiting());
        assertEquals(
                node.seen.stream().filter(s -> !s.isServed()).count(),
                report.overCapacity() + report.rateLimited());
        assertEquals(0, report.rateLimited());
    }

    @Test
    void aNodeTellsWhetherTenantsShareIt() {
        node.comes(0, task("one"));
        node.run();
        assertFalse(node.pool.report().shared());
        node.comes(SECOND, task("two"));
        node.run();
        assertTrue(node.pool.report().shared());
    }
}
